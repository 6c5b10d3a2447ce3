// The form that a person has open (a modal on Slack, a dialog on Teams), laid over the pane of its platform.

import { el, typed } from "./blockkit.js";

const INPUTS = "input, select, textarea";

export class Overlay {
  /**
   * @param {object} model `slack` or `teams`
   * @param {HTMLElement} place where it is shown
   * @param {HTMLElement[]} under what cannot be used while it is
   * @param {{send: function(string, object): Promise<boolean>, leave: function(): void}} act `leave` takes the focus when it closes
   */
  constructor(model, place, under, act) {
    Object.assign(this, { model, place, under, act });
    this.forms = new Map(); // by person: what is filled in stays while the page acts as somebody else
    this.shown = null;
  }

  /**
   * Shows what this person has open now, or nothing.
   * @param {object} state
   * @param {string} me
   */
  update(state, me) {
    [...this.forms.keys()].filter((who) => !this.model.dialog(state, who)).forEach((who) => this.forms.delete(who));
    const found = this.model.dialog(state, me);
    const node = found && this.node(me, found);
    if (node !== this.shown) this.show(node);
  }

  node(me, found) {
    const form = JSON.stringify(found);
    const before = this.forms.get(me);
    if (before?.form === form) return before.node;
    const node = this.draw(found, before);
    this.forms.set(me, { form, found, node });
    return node;
  }

  draw(found, before) {
    const title = el("h3", { id: `${this.model.key}-form-title` }, found.title);
    const close = () => this.act.send("close", {});
    const attributes = {
      class: "form",
      role: "dialog",
      "aria-labelledby": title.id,
      tabindex: -1,
      onsubmit: (event) => {
        event.preventDefault();
        this.submit(event.currentTarget);
      },
      onkeydown: (event) => event.key === "Escape" && !event.isComposing && close(),
    };
    const cross = el("button", { type: "button", class: "cross", "aria-label": "Close", onclick: close }, "✕");
    return el("form", attributes, el("header", {}, title, cross), ...this.model.dialogBody(found, before, close));
  }

  async submit(form) {
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    await this.act.send("submit", { values: typed(form) });
    form.ariaBusy = "false";
    form.querySelector("[aria-invalid=true]")?.focus();
  }

  show(node) {
    // Somebody who works in the other pane is not taken away from there.
    const isHere = document.activeElement === document.body || this.place.parentElement.contains(document.activeElement);
    if (!this.shown) this.opener = document.activeElement;
    this.shown = node;
    this.place.replaceChildren(...(node ? [node] : []));
    this.place.hidden = !node;
    this.under.forEach((part) => (part.inert = Boolean(node)));
    if (!isHere) return;
    if (node) (node.querySelector("[aria-invalid=true]") ?? node.querySelector(INPUTS) ?? node).focus();
    else if (this.under.some((part) => part.contains(this.opener))) this.opener.focus();
    else this.act.leave();
  }
}

// Draws the part of Adaptive Cards 1.5 that the bot sends. Data becomes text nodes only, never markup.

import { chosen, draw, el, select, unsupported } from "./blockkit.js";

/**
 * Draws an Adaptive Card.
 * @param {object} card
 * @param {string} message the id of the message that holds it
 * @param {function({verb: string, data: object, inputs: Object<string, string>}, HTMLElement): void} press
 * @returns {HTMLElement}
 */
export function renderCard(card, message, press) {
  if (card.type !== "AdaptiveCard" || !Array.isArray(card.body)) return unsupported(card);
  const root = el("div", { class: "card" });
  const context = { message, press: (action, button) => press({ verb: action.verb, data: action.data ?? {}, inputs: chosen(root) }, button) };
  root.append(...all(ELEMENTS, card.body, context));
  if (card.actions?.length) root.append(el("div", { class: "actions" }, ...all(ACTIONS, card.actions, context)));
  return root;
}

const all = (drawings, items, context) => items.map((item) => draw(drawings, item, context));

// A value becomes a class only if the schema names it: what the bot sends never picks a class by itself.
const STYLES = ["default", "emphasis", "good", "warning", "attention", "accent"];
const COLORS = ["default", "dark", "light", "accent", "good", "warning", "attention"];
const SIZES = ["default", "small", "medium", "large", "extralarge"];
const WEIGHTS = ["default", "lighter", "bolder"];
const SPACINGS = ["default", "none", "small", "medium", "large", "extralarge", "padding"];
const known = (prefix, names, value = "default") => {
  const name = String(value).toLowerCase();
  return names.includes(name) ? `${prefix}-${name}` : `${prefix}-default`;
};
const classes = (...names) => names.filter(Boolean).join(" ");

const ELEMENTS = {
  Container: (found, context) =>
    el("div", { class: classes("ac-container", known("style", STYLES, found.style), found.bleed && "bleed", spacing(found)) }, ...all(ELEMENTS, found.items, context)),
  RichTextBlock: (found) => el("p", { class: spacing(found) }, ...found.inlines.map((run) => (typeof run === "string" ? run : draw(INLINES, run)))),
  "Input.ChoiceSet": (found, { message }) => {
    if (found.isMultiSelect || (found.style && found.style !== "compact")) return unsupported(found);
    const id = `${message}/${found.id}`;
    const options = found.choices.map(({ title, value }) => ({ label: title, value }));
    const menu = select({ id: found.id, prompt: found.placeholder ?? "Choose", options, chosen: found.value, labelled: found.label ? id : undefined });
    return el("div", { class: classes("ac-input", spacing(found)) }, found.label ? el("label", { for: id }, found.label) : null, menu);
  },
  ActionSet: (found, context) => el("div", { class: classes("actions", spacing(found)) }, ...all(ACTIONS, found.actions, context)),
};

const spacing = (found) => known("space", SPACINGS, found.spacing);

const INLINES = {
  TextRun: (run) =>
    el("span", { class: classes(known("size", SIZES, run.size), known("weight", WEIGHTS, run.weight), known("color", COLORS, run.color), run.isSubtle && "subtle") }, run.text),
};

const ACTIONS = {
  "Action.Execute": (found, { message, press }) =>
    el(
      "button",
      {
        type: "button",
        class: found.style === "positive" ? "primary" : found.style === "destructive" ? "danger" : null,
        "data-message": message,
        onclick: (event) => press(found, event.currentTarget),
      },
      found.title,
    ),
};

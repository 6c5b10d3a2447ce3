// Teams as the page shows it: its conversations, and the part of Adaptive Cards 1.5 that the bot sends.
// Data becomes text nodes only, never markup.

import { chosen, draw, el, renderText, select, unsupported } from "./blockkit.js";

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

/** What the page needs to know of Teams; a tab is what `tabs` gave. */
export const teams = {
  key: "teams",
  title: "Teams",
  tabs(state, who) {
    const open = state.teams.conversations.filter((found) => found.kind !== "personal" || found.person === who);
    return open.map(({ id, kind, name }) => ({ id: kind === "personal" ? "dm" : id, label: name, conversation: id }));
  },
  // A thread of a channel has the channel's id with ";messageid=…" behind it.
  messages: (state, { conversation }) => state.teams.messages.filter((found) => found.conversation.split(";")[0] === conversation),
  prompt: ({ id, label }) => (id === "dm" ? "Ask May I" : `Mention @May I in ${label}`),
  lead: ({ id, label }) => (id === "dm" ? "Ask May I in private, in your own words." : `May I answers in ${label}, where everybody can read it.`),
  say: (tab, text) => ({ conversation: tab.conversation, text }),
  time: (found) => new Date(/^\d{13}$/.test(found.id) ? Number(found.id) : NaN),
  body(state, found, press) {
    const words = found.text && !found.card ? renderText(found.text, state.people) : null;
    return el("div", { class: "bubble" }, words, found.card ? renderCard(found.card, found.id, press) : null);
  },
  json: (found) => found.activity ?? found.card ?? { text: found.text },
};

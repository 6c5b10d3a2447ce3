// Teams as the page shows it: its conversations, and the part of Adaptive Cards 1.5 that the bot sends.
// Data becomes text nodes only, never markup.

import { boxes, chosen, day, draw, el, explain, labelled, renderText, select, unsupported, words } from "./blockkit.js";

/**
 * Draws the Adaptive Card of a message.
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

/**
 * Draws the Adaptive Card of a dialog; its Action.Submit sends the form that it stands in.
 * @param {object} card
 * @returns {HTMLElement}
 */
export function renderForm(card) {
  const root = el("div", { class: "card body" }, ...all(ELEMENTS, card.body, { message: "teams-form" }));
  // The lines about an input are texts of their own in a card: whoever cannot see where they stand hears them with the input.
  root.querySelectorAll(".ac-input > :not(label)").forEach((control) => {
    const { previousElementSibling: before, nextElementSibling: after } = control.parentElement;
    const isWrong = Boolean(before?.matches("p:has(> .color-attention)"));
    const lines = [isWrong && before, after?.matches("p:has(> .subtle)") && after].filter(Boolean);
    lines.forEach((line, at) => (line.id = `${control.id}/line-${at}`));
    explain(control, lines, isWrong);
  });
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
    if (!found.isMultiSelect && found.style && found.style !== "compact") return unsupported(found);
    const options = found.choices.map(({ title, value }) => ({ label: title, value }));
    const set = { id: found.id, labelled: `${message}/${found.id}`, options, chosen: found.value };
    return input(found, found.isMultiSelect ? boxes(set) : select({ ...set, prompt: found.placeholder ?? "Choose" }));
  },
  "Input.Text": (found, { message }) =>
    input(found, words({ id: found.id, labelled: `${message}/${found.id}`, value: found.value, isLong: found.isMultiline, longest: found.maxLength })),
  "Input.Date": (found, { message }) => input(found, day({ id: found.id, labelled: `${message}/${found.id}`, value: found.value })),
  ActionSet: (found, context) => el("div", { class: classes("actions", spacing(found)) }, ...all(ACTIONS, found.actions, context)),
};

function input(found, control) {
  const star = found.isRequired ? el("span", { class: "star" }, " *") : null;
  return el("div", { class: classes("ac-input", spacing(found)) }, ...labelled(control, found.label, star));
}

const spacing = (found) => known("space", SPACINGS, found.spacing);

const INLINES = {
  TextRun: (run) =>
    el("span", { class: classes(known("size", SIZES, run.size), known("weight", WEIGHTS, run.weight), known("color", COLORS, run.color), run.isSubtle && "subtle") }, run.text),
};

const ACTIONS = {
  "Action.Execute": (found, context) => button(found, context),
  "Action.Submit": (found, context) => {
    const opensDialog = found.data?.msteams?.type === "task/fetch";
    return opensDialog || !context.press ? button(found, context) : unsupported(found);
  },
};

function button(found, { message, press }) {
  const style = found.style === "positive" ? "primary" : found.style === "destructive" ? "danger" : null;
  const does = press ? { type: "button", onclick: (event) => press(found, event.currentTarget) } : { type: "submit" };
  return el("button", { ...does, class: style, "data-message": message }, found.title);
}

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
  dialog: (state, who) => state.teams.dialogs[who] ?? null,
  // Each card that the bot sends is a new one, with the values that the bot gave it.
  dialogBody: ({ card }) => [renderForm(card.content)],
  say: (tab, text) => ({ conversation: tab.conversation, text }),
  time: (found) => new Date(/^\d{13}$/.test(found.id) ? Number(found.id) : NaN),
  body(state, found, press) {
    const words = found.text && !found.card ? renderText(found.text, state.people) : null;
    return el("div", { class: "bubble" }, words, found.card ? renderCard(found.card, found.id, press) : null);
  },
  json: (found) => found.activity ?? found.card ?? { text: found.text },
};

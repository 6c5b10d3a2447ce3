// What both panes draw with, and Slack as the page shows it: its conversations, and the part of Block Kit that the bot sends,
// in messages and in modals.
// Data becomes text nodes only, never markup.

/**
 * Makes an element with attributes, listeners ("onclick") and children.
 * @param {string} tag
 * @param {Object<string, *>} [attributes] null and false are left out
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * Shows what the page cannot draw, so that nothing the bot sent is lost silently.
 * @param {*} found
 * @returns {HTMLElement}
 */
export function unsupported(found) {
  const type = found && typeof found.type === "string" ? found.type : "unknown";
  return el("div", { class: "unsupported" }, el("strong", {}, `Unsupported: ${type}`), el("code", {}, JSON.stringify(found) ?? "nothing"));
}

/**
 * Draws one item with the drawing of its type; an unknown or malformed one becomes an "unsupported" box.
 * @param {Object<string, function(*, *): Node>} drawings by type
 * @param {*} item
 * @param {*} context
 * @returns {Node}
 */
export function draw(drawings, item, context) {
  try {
    return Object.hasOwn(drawings, item.type) ? drawings[item.type](item, context) : unsupported(item);
  } catch {
    return unsupported(item);
  }
}

/**
 * Makes the menu of a list of choices, with its prompt as the empty first choice.
 * @param {{id: string, prompt: string, options: {label: string, value: string}[], chosen?: string, labelled?: string}} menu
 * @returns {HTMLSelectElement}
 */
export function select({ id, prompt, options, chosen, labelled }) {
  const menu = el("select", { "data-input": id, id: labelled, "aria-label": labelled ? null : prompt }, el("option", { value: "" }, prompt));
  menu.append(...options.map(({ label, value }) => el("option", { value, selected: value === chosen }, label)));
  return menu;
}

/**
 * Makes the boxes of a list of choices of which several may be picked; a long list scrolls.
 * @param {{id: string, labelled?: string, options: {label: string, value: string}[], chosen?: string, label?: string}} set
 *   `label` is for a set without a visible one
 * @returns {HTMLFieldSetElement}
 */
export function boxes({ id, labelled, options, chosen = "", label }) {
  const picked = chosen.split(",");
  const box = (option) => {
    const input = el("input", { type: "checkbox", "data-input": id, value: option.value, checked: picked.includes(option.value) });
    return el("label", {}, input, el("span", {}, option.label));
  };
  const list = el("div", { class: options.length > 10 ? "boxes long" : "boxes" }, ...options.map(box));
  return el("fieldset", { id: labelled, "aria-label": label }, list);
}

/**
 * Makes an input for words, of one line or of several.
 * @param {{id: string, labelled: string, value?: string, isLong?: boolean, longest?: number}} input
 * @returns {HTMLElement}
 */
export function words({ id, labelled, value = "", isLong, longest }) {
  const attributes = { "data-input": id, id: labelled, maxlength: longest, autocomplete: "off" };
  return isLong ? el("textarea", { ...attributes, rows: 3 }, value) : el("input", { ...attributes, type: "text", value });
}

/**
 * Makes an input for a day.
 * @param {{id: string, labelled: string, value?: string}} input
 * @returns {HTMLInputElement}
 */
export function day({ id, labelled, value }) {
  return el("input", { type: "date", "data-input": id, id: labelled, value });
}

/**
 * Gives a control its visible label, which for a set of boxes is a legend.
 * @param {HTMLElement} control
 * @param {...(Node|string|null)} label
 * @returns {HTMLElement[]} what is to be shown, in order
 */
export function labelled(control, ...label) {
  if (control.tagName !== "FIELDSET") return [el("label", { for: control.id }, ...label), control];
  control.prepend(el("legend", {}, ...label));
  return [control];
}

/**
 * Ties a control to the lines that stand beside it: its hint, and what is wrong with what it holds.
 * @param {HTMLElement} control
 * @param {HTMLElement[]} lines with ids
 * @param {boolean} isWrong
 */
export function explain(control, lines, isWrong) {
  if (lines.length) control.setAttribute("aria-describedby", lines.map(({ id }) => id).join(" "));
  const inputs = control.matches("[data-input]") ? [control] : [...control.querySelectorAll("[data-input]")];
  if (isWrong) inputs.forEach((input) => input.setAttribute("aria-invalid", "true"));
}

/**
 * Reads what the inputs hold; several options of one stand with commas between them.
 * @param {HTMLElement} root
 * @returns {Object<string, string>} by the name of the input; empty ones too
 */
export function typed(root) {
  const found = {};
  for (const input of root.querySelectorAll("[data-input]")) {
    const held = (found[input.dataset.input] ??= []);
    if (input.value && (input.type !== "checkbox" || input.checked)) held.push(input.value);
  }
  return Object.fromEntries(Object.entries(found).map(([id, held]) => [id, held.join(",")]));
}

/**
 * Reads what is picked in a message; inputs without a choice are left out.
 * @param {HTMLElement} root
 * @returns {Object<string, string>}
 */
export function chosen(root) {
  return Object.fromEntries(Object.entries(typed(root)).filter(([, held]) => held));
}

/**
 * Draws the blocks of a Slack message.
 * @param {object[]} blocks
 * @param {string} message its id
 * @param {function({action_id: string, picked: Object<string, string>}, HTMLElement): void} press
 * @returns {HTMLElement}
 */
export function renderBlocks(blocks, message, press) {
  const root = el("div", { class: "blocks" });
  const context = { message, press: (action_id, button) => press({ action_id, picked: chosen(root) }, button) };
  root.append(...blocks.map((block) => draw(BLOCKS, block, context)));
  return root;
}

const plain = (found) => {
  if (found.type !== "plain_text") throw new TypeError("plain_text expected");
  return found.text;
};
const all = (drawings, items, context) => items.map((item) => draw(drawings, item, context));

/**
 * Draws a Slack modal below its title.
 * @param {{view: object, errors: Object<string, string>}} modal
 * @param {Object<string, string>} values what was typed already; the other inputs hold what the bot gave them
 * @param {function(): void} close
 * @returns {HTMLElement[]}
 */
export function renderView({ view, errors }, values, close) {
  const buttons = [
    el("button", { type: "button", onclick: close }, plain(view.close)),
    el("button", { type: "submit", class: "primary" }, plain(view.submit)),
  ];
  return [el("div", { class: "body blocks" }, ...all(VIEW, view.blocks, { values, errors })), el("footer", { class: "actions" }, ...buttons)];
}

const TEXTS = {
  header: (block) => el("h3", { class: "bk-header" }, plain(block.text)),
  rich_text: (block) => el("div", { class: "bk-rich" }, ...all(RICH, block.elements)),
  context: (block) => el("div", { class: "bk-context" }, ...all(CONTEXT, block.elements)),
};
const BLOCKS = { ...TEXTS, actions: (block, context) => el("div", { class: "actions" }, ...all(ACTIONS, block.elements, context)) };
const VIEW = {
  ...TEXTS,
  input(block, { values, errors }) {
    const { block_id: name, element, label, hint, optional } = block;
    const id = `slack-form/${name}`;
    const control = draw(INPUTS, element, { id: name, labelled: id, value: values[name] ?? initial(element) });
    const wrong = errors[name] ? el("p", { class: "wrong", id: `${id}/wrong` }, errors[name]) : null;
    const help = hint ? el("p", { class: "help", id: `${id}/help` }, plain(hint)) : null;
    explain(control, [wrong, help].filter(Boolean), Boolean(wrong));
    return el("div", { class: "field" }, ...labelled(control, plain(label), optional ? el("span", { class: "optional" }, " (optional)") : null), wrong, help);
  },
};

const initial = (found) =>
  found.initial_value ?? found.initial_date ?? (found.initial_option ? [found.initial_option] : (found.initial_options ?? [])).map(({ value }) => value).join(",");
const options = (found) => found.options.map(({ text, value }) => ({ label: plain(text), value }));
const several = (found, { value, ...input }) => boxes({ ...input, options: options(found), chosen: value });

const INPUTS = {
  plain_text_input: (found, input) => words({ ...input, isLong: found.multiline, longest: found.max_length }),
  static_select: (found, { value, ...input }) => select({ ...input, prompt: "Select an option", options: options(found), chosen: value }),
  multi_static_select: several,
  checkboxes: several,
  datepicker: (found, input) => day(input),
};

const RICH = {
  rich_text_section: (found) => el("p", {}, ...all(RUNS, found.elements)),
  rich_text_quote: (found) => el("blockquote", {}, ...all(RUNS, found.elements)),
  rich_text_list: (found) => el(found.style === "ordered" ? "ol" : "ul", {}, ...found.elements.map((item) => el("li", {}, draw(ITEMS, item)))),
};

const ITEMS = { rich_text_section: (found) => el("span", {}, ...all(RUNS, found.elements)) };

const MARKS = { bold: "strong", italic: "em", strike: "s", code: "code" };
const RUNS = {
  text: ({ text, style = {} }) =>
    Object.keys(MARKS).filter((mark) => style[mark]).reduce((inner, mark) => el(MARKS[mark], {}, inner), document.createTextNode(text)),
};

const CONTEXT = { plain_text: (found) => el("span", {}, plain(found)) };

const ACTIONS = {
  button: (found, { message, press }) =>
    el(
      "button",
      { type: "button", class: found.style ?? null, "data-message": message, onclick: (event) => press(found.action_id, event.currentTarget) },
      plain(found.text),
    ),
  static_select: (found) =>
    select({ id: found.action_id, prompt: plain(found.placeholder), options: options(found), chosen: found.initial_option?.value }),
  checkboxes: (found) => boxes({ id: found.action_id, options: options(found), chosen: initial(found), label: "Pick any number" }),
};

// Only the marks that Slack and Teams make themselves are read; "<b>" that somebody typed stays as typed.
const MARK = /<@([UW]\w+)(?:\|[^<>]*)?>|<at[^<>]*>([^<>]*)<\/at>|<(?:[#!][^<>|]*|(?:https?:|mailto:)[^<>|]*)(?:\|([^<>]*))?>/g;
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&nbsp;": "\u00a0" };

/**
 * Draws a message of words, with its mentions by name.
 * @param {string} text
 * @param {{slack: string, name: string}[]} people
 * @returns {HTMLElement}
 */
export function renderText(text, people) {
  const plain = (part) => part.replace(/&(?:lt|gt|amp|nbsp);/g, (entity) => ENTITIES[entity]);
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(MARK)) {
    const [whole, user, at, label] = match;
    const name = user ? (people.find((found) => found.slack === user) ?? BOT).name : at;
    nodes.push(plain(text.slice(end, match.index)));
    nodes.push(name === undefined ? plain(label ?? whole.slice(1, -1).replace(/^mailto:/, "")) : el("span", { class: "mention" }, `@${plain(name)}`));
    end = match.index + whole.length;
  }
  return el("p", { class: "written" }, ...nodes, plain(text.slice(end)));
}

const BOT = { id: "bot", name: "May I" };

/**
 * Finds who wrote a message: a sample person or the bot.
 * @param {object} state
 * @param {string} id
 * @returns {{id: string, name: string, title?: string, note?: string}}
 */
export function person(state, id) {
  return id === BOT.id ? BOT : (state.people.find((found) => found.id === id) ?? { id, name: id, title: "" });
}

/**
 * Makes the picture of a person (initials) or of the bot.
 * @param {object} state
 * @param {{id: string, name: string}} whose
 * @returns {HTMLElement}
 */
export function avatar(state, { id, name }) {
  if (id === BOT.id) return el("span", { class: "avatar bot", "aria-hidden": "true" }, "M");
  const initials = name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();
  const tint = Math.max(0, state.people.findIndex((found) => found.id === id)) % 8;
  return el("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, initials);
}

/**
 * Draws one message of either platform, with who said it and when.
 * @param {object} model `slack` or `teams`
 * @param {object} state
 * @param {string} me the id of the person who looks
 * @param {object} found the message
 * @param {{press: function(object, HTMLElement): void, showJson: function(): void}} act
 * @returns {HTMLElement}
 */
export function renderMessage(model, state, me, found, { press, showJson }) {
  const from = person(state, found.from);
  const isBot = from === BOT;
  const time = model.time(found);
  const clock = Number.isNaN(time.getTime()) ? null : time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const kind = ["message", isBot && "from-bot", from.id === me && "mine", found.reply && "reply", found.only_for && "private"].filter(Boolean).join(" ");
  const json = { type: "button", class: "json", title: "Show the JSON", "aria-label": "Show the JSON of this message", onclick: showJson };
  const meta = [
    el("strong", {}, from.name),
    isBot ? el("span", { class: "badge" }, "APP") : null,
    clock ? el("time", { datetime: time.toISOString() }, clock) : null,
    found.edited ? el("span", { class: "edited" }, "(edited)") : null,
    isBot ? el("button", json, "{ }") : null,
  ];
  return el(
    "article",
    { class: kind, "data-message": found.id, "aria-label": clock ? `${from.name}, ${clock}` : from.name },
    found.only_for ? el("p", { class: "only" }, "Only visible to you") : null,
    avatar(state, from),
    el("div", { class: "meta" }, ...meta),
    el("div", { class: "content" }, model.body(state, found, press)),
  );
}

// Replies follow their parent; a reply whose parent this person cannot see stands by itself.
function threaded(messages) {
  const isReply = (found) => found.thread_ts && found.thread_ts !== found.ts;
  const threads = new Map(messages.filter((found) => !isReply(found)).map((found) => [found.ts, [found]]));
  for (const found of messages.filter(isReply)) {
    if (threads.has(found.thread_ts)) threads.get(found.thread_ts).push({ ...found, reply: true });
    else threads.set(found.id, [found]);
  }
  return [...threads.values()].flat();
}

const COMMANDS = ["/ai", "/ai-request"];

/** What the page needs to know of Slack; a tab is what `tabs` gave. */
export const slack = {
  key: "slack",
  title: "Slack",
  tabs: (state) => [{ id: "dm", label: "Direct message" }, ...state.slack.channels.map(({ id, name }) => ({ id, label: `#${name}` }))],
  messages(state, { id }, who) {
    const isHere = (found) => (id === "dm" ? found.with === who : found.channel === id && !found.with);
    return threaded(state.slack.messages.filter((found) => isHere(found) && (!found.only_for || found.only_for === who)));
  },
  prompt: ({ id, label }) => (id === "dm" ? "Ask May I" : `Mention @May I in ${label}, or /ai …`),
  lead: ({ id, label }) => (id === "dm" ? "Ask May I in private, in your own words." : `May I answers in a thread of ${label}. Start with /ai, and only you see the answer.`),
  dialog(state, who) {
    const modal = state.slack.modals[who];
    return modal ? { ...modal, title: plain(modal.view.title) } : null;
  },
  // Slack keeps what was typed while a modal stays open, also when the bot puts another page into it.
  dialogBody: (modal, before, close) => renderView(modal, before && before.found.id === modal.id ? typed(before.node) : {}, close),
  say(tab, text) {
    const [, command, rest] = /^(\/\S+)\s*([^]*)$/.exec(text) ?? [];
    if (!command) return { where: tab.id, text };
    if (!COMMANDS.includes(command)) return { error: `${command} is not a command here. Try /ai and your question, or /ai-request and a tool.` };
    return { where: "slash", command, channel: tab.id === "dm" ? null : tab.id, text: rest };
  },
  time: (found) => new Date(Number(found.ts) * 1000),
  body(state, found, press) {
    if (found.blocks?.length) return renderBlocks(found.blocks, found.id, press);
    const typed = found.via && !found.text.startsWith(found.via) ? `${found.via} ${found.text}` : found.text;
    return renderText(typed, state.people);
  },
  json: ({ text, blocks, thread_ts }) => ({ text, blocks, ...(thread_ts ? { thread_ts } : {}) }),
};

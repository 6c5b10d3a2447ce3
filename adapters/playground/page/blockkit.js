// Draws the part of Slack's Block Kit that the bot sends. Data becomes text nodes only, never markup.

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
 * Reads what the menus of a message hold; those without a choice are left out.
 * @param {HTMLElement} root
 * @returns {Object<string, string>}
 */
export function chosen(root) {
  const menus = [...root.querySelectorAll("select[data-input]")];
  return Object.fromEntries(menus.filter((menu) => menu.value).map((menu) => [menu.dataset.input, menu.value]));
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

const BLOCKS = {
  header: (block) => el("h3", { class: "bk-header" }, plain(block.text)),
  rich_text: (block) => el("div", { class: "bk-rich" }, ...all(RICH, block.elements)),
  context: (block) => el("div", { class: "bk-context" }, ...all(CONTEXT, block.elements)),
  actions: (block, context) => el("div", { class: "actions" }, ...all(ACTIONS, block.elements, context)),
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
    select({
      id: found.action_id,
      prompt: plain(found.placeholder),
      options: found.options.map((option) => ({ label: plain(option.text), value: option.value })),
      chosen: found.initial_option?.value,
    }),
};

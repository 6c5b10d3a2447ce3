// The page of the playground: keeps up with the server's state and sends what a person says and presses.

import { renderCard } from "./adaptivecard.js";
import { el, renderBlocks } from "./blockkit.js";

const $ = (selector, root = document) => root.querySelector(selector);
const BOT = { id: "bot", name: "May I" };

let state = null;
let me = null;
const seen = new Set();

const person = (id) => state.people.find((found) => found.id === id) ?? { id, name: id, title: "" };

function avatar({ id, name }) {
  if (id === BOT.id) return el("span", { class: "avatar bot", "aria-hidden": "true" }, "M");
  const initials = name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();
  const tint = [...id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return el("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, initials);
}

async function post(path, body) {
  try {
    const response = await fetch(`/api/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const answer = await response.json();
    return answer.ok || answer.error ? answer : { ok: false, error: "That did not work. Please try again." };
  } catch {
    return { ok: false, error: "The playground did not answer. Is it still running?" };
  }
}

// Only the marks that Slack and Teams make themselves are read; "<b>" that somebody typed stays as typed.
const MARK = /<@([UW]\w+)(?:\|[^<>]*)?>|<at[^<>]*>([^<>]*)<\/at>|<(?:[#!][^<>|]*|(?:https?:|mailto:)[^<>|]*)(?:\|([^<>]*))?>/g;
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&nbsp;": "\u00a0" };

function written(text) {
  const plain = (part) => part.replace(/&(?:lt|gt|amp|nbsp);/g, (entity) => ENTITIES[entity]);
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(MARK)) {
    const [whole, user, at, label] = match;
    nodes.push(plain(text.slice(end, match.index)));
    if (user) nodes.push(el("span", { class: "mention" }, `@${(state.people.find((found) => found.slack === user) ?? BOT).name}`));
    else if (at !== undefined) nodes.push(el("span", { class: "mention" }, `@${plain(at)}`));
    else nodes.push(plain(label ?? whole.slice(1, -1).replace(/^mailto:/, "")));
    end = match.index + whole.length;
  }
  return el("p", { class: "written" }, ...nodes, plain(text.slice(end)));
}

// Replies follow their parent; a reply whose parent this person cannot see stands by itself.
function threaded(messages) {
  const roots = new Map(messages.filter((found) => !found.thread_ts || found.thread_ts === found.ts).map((found) => [found.ts, [found]]));
  for (const found of messages) {
    if (!found.thread_ts || found.thread_ts === found.ts) continue;
    if (roots.has(found.thread_ts)) roots.get(found.thread_ts).push({ ...found, reply: true });
    else roots.set(found.id, [found]);
  }
  return [...roots.values()].flat();
}

const SLACK = {
  key: "slack",
  title: "Slack",
  tabs: () => [{ id: "dm", label: "Direct message" }, ...state.slack.channels.map(({ id, name }) => ({ id, label: `#${name}` }))],
  messages: ({ id }, who) =>
    threaded(state.slack.messages.filter((found) => (id === "dm" ? found.with === who : found.channel === id && !found.with) && (!found.only_for || found.only_for === who))),
  isPrivate: (found, who) => found.with === who || found.only_for === who,
  prompt: ({ id, label }) => (id === "dm" ? "Ask May I" : `Mention @May I in ${label}, or /ai …`),
  lead: ({ id, label }) => (id === "dm" ? "Ask May I in private, in your own words." : `Mention May I in ${label}: it answers in a thread. Start with /ai and only you see the answer.`),
  say(tab, text) {
    const command = /^\/(\S+)\s*([^]*)$/.exec(text);
    if (command && command[1] !== "ai") return { error: `/${command[1]} is not a command here. Try /ai and your question.` };
    return command ? { where: "slash", text: command[2] } : { where: tab.id, text };
  },
  time: (found) => new Date(Number(found.ts) * 1000),
  shown: (found) => (found.via && !found.text.startsWith(found.via) ? `${found.via} ${found.text}` : found.text),
  body: (found, press) => (found.blocks?.length ? renderBlocks(found.blocks, found.id, press) : written(SLACK.shown(found))),
  json: ({ text, blocks, thread_ts }) => ({ text, blocks, ...(thread_ts ? { thread_ts } : {}) }),
};

const TEAMS = {
  key: "teams",
  title: "Teams",
  tabs: () =>
    state.teams.conversations
      .filter((found) => found.kind !== "personal" || found.person === me)
      .map((found) => ({ id: found.kind === "personal" ? "dm" : found.id, label: found.name, conversation: found.id })),
  // A thread of a channel has the channel's id with ";messageid=…" behind it.
  messages: ({ conversation }, who) =>
    state.teams.messages.filter(
      (found) => found.conversation.split(";")[0] === (who === me ? conversation : state.teams.conversations.find((one) => one.person === who)?.id),
    ),
  isPrivate: (found, who) => state.teams.conversations.some((one) => one.id === found.conversation && one.person === who),
  prompt: ({ id, label }) => (id === "dm" ? "Ask May I" : `Mention @May I in ${label}`),
  lead: ({ id, label }) => (id === "dm" ? "Ask May I in private, in your own words." : `Mention May I in ${label}: it answers where everybody can read it.`),
  say: (tab, text) => ({ conversation: tab.conversation, text }),
  time: (found) => new Date(/^\d{13}$/.test(found.id) ? Number(found.id) : NaN),
  body: (found, press) => {
    const nodes = [found.text && !found.card ? written(found.text) : null, found.card ? renderCard(found.card, found.id, press) : null];
    return el("div", { class: "bubble" }, ...nodes);
  },
  json: (found) => found.activity ?? found.card ?? { text: found.text },
};

class Pane {
  constructor(model) {
    this.model = model;
    this.tab = "dm";
    this.nodes = new Map();
    this.view = "";
    this.waiting = 0;
    this.root = $("#pane").content.cloneNode(true).firstElementChild;
    this.root.classList.add(model.key);
    this.root.setAttribute("aria-label", model.title);
    $("h2", this.root).textContent = model.title;
    [this.tablist, this.panel, this.list, this.empty, this.toast] = [".tabs", ".view", ".messages", ".empty", ".toast"].map((name) => $(name, this.root));
    this.input = $("textarea", this.root);
    this.input.id = `${model.key}-say`;
    this.panel.id = `${model.key}-view`;
    $("label", this.root).setAttribute("for", this.input.id);
    $("form button", this.root).setAttribute("aria-label", `Send in ${model.title}`);
    $("form", this.root).addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.input.value);
    });
    this.input.addEventListener("keydown", (event) => {
      // While an input method composes (Japanese, …), Enter belongs to it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.say(this.input.value);
    });
    this.tablist.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const tabs = this.model.tabs();
      this.open(tabs[(tabs.findIndex(({ id }) => id === this.tab) + step + tabs.length) % tabs.length].id);
      $("[aria-selected=true]", this.tablist).focus();
    });
  }

  current() {
    const tabs = this.model.tabs();
    return tabs.find(({ id }) => id === this.tab) ?? tabs[0];
  }

  open(tab) {
    this.tab = tab;
    update();
  }

  notify(text, isError = false) {
    this.toast.textContent = text;
    this.toast.hidden = !text;
    this.toast.classList.toggle("error", isError);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.notify(""), 7000);
  }

  async send(path, body) {
    this.waiting += 1;
    $(".busy", this.root).hidden = false;
    const answer = await post(`${this.model.key}/${path}`, { person: me, ...body });
    this.waiting -= 1;
    $(".busy", this.root).hidden = this.waiting > 0 ? false : true;
    this.notify(answer.ok ? (answer.toast ?? "") : answer.error, !answer.ok);
    return answer.ok;
  }

  async say(typed) {
    const text = typed.trim();
    if (!text) return;
    const { error, ...body } = this.model.say(this.current(), text);
    if (error) return this.notify(error, true);
    // A command's answer may come in another conversation than the one it was typed in: the page goes there.
    this.follow = body.where === "slash";
    this.input.value = "";
    this.input.focus();
    if (!(await this.send("say", body)) && !this.input.value) this.input.value = typed;
  }

  async press(message, what, button) {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    await this.send("press", { message, ...what });
    button.ariaBusy = "false";
  }

  unseen(tab) {
    return this.model.messages(tab, me).some(({ id }) => !seen.has(id));
  }

  node(found) {
    const form = JSON.stringify(found);
    const known = this.nodes.get(found.id);
    if (known?.form === form) return known.node;
    const from = found.from === BOT.id ? BOT : person(found.from);
    const time = this.model.time(found);
    const clock = Number.isNaN(time.getTime()) ? null : time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const isBot = from === BOT;
    const kind = ["message", isBot && "from-bot", from.id === me && "mine", found.reply && "reply", found.only_for && "private"].filter(Boolean).join(" ");
    const json = { type: "button", class: "json", title: "Show the JSON", "aria-label": "Show the JSON of this message", onclick: () => showJson(this.model, found) };
    const node = el(
      "article",
      { class: kind, "data-message": found.id, "aria-label": `${from.name}${clock ? `, ${clock}` : ""}` },
      found.only_for ? el("p", { class: "only" }, "Only visible to you") : null,
      avatar(from),
      el(
        "div",
        { class: "meta" },
        el("strong", {}, from.name),
        isBot ? el("span", { class: "badge" }, "APP") : null,
        clock ? el("time", { datetime: time.toISOString() }, clock) : null,
        found.edited ? el("span", { class: "edited" }, "(edited)") : null,
        isBot ? el("button", json, "{ }") : null,
      ),
      el("div", { class: "content" }, this.model.body(found, (what, button) => this.press(found.id, what, button))),
    );
    // The button that had the focus is gone with the old form of the message.
    if (known?.node.contains(document.activeElement)) queueMicrotask(() => ($(".actions button", node) ?? this.input).focus({ preventScroll: true }));
    this.nodes.set(found.id, { form, node });
    return node;
  }

  update() {
    const tabs = this.model.tabs();
    if (this.follow) {
      const elsewhere = this.unseen(this.current()) ? null : tabs.find((tab) => this.unseen(tab));
      if (elsewhere) this.tab = elsewhere.id;
      this.follow = !elsewhere && !this.unseen(this.current());
    }
    const tab = this.current();
    const view = `${me} ${tab.id}`;
    const isNew = view !== this.view;
    if (isNew) this.nodes.clear();
    this.view = view;
    const messages = this.model.messages(tab, me);
    const fresh = messages.filter(({ id }) => !this.nodes.has(id));
    messages.forEach(({ id }) => seen.add(id));
    this.showTabs(tabs, tab);

    this.list.ariaLive = isNew ? "off" : "polite"; // another conversation is not news to read out
    const nodes = messages.map((found) => this.node(found));
    const kept = new Set(nodes);
    [...this.list.children].filter((node) => !kept.has(node)).forEach((node) => node.remove());
    nodes.forEach((node, at) => this.list.children[at] === node || this.list.insertBefore(node, this.list.children[at] ?? null));
    this.list.hidden = !nodes.length;
    this.list.setAttribute("aria-label", `Messages, ${this.model.title}, ${tab.label}`);
    this.showEmpty(tab, !nodes.length);
    if (isNew) this.list.scrollTop = this.list.scrollHeight;
    else if (fresh.length) this.reveal(this.nodes.get(fresh.at(-1).id).node);
    this.input.placeholder = this.model.prompt(tab);
    $("label", this.root).textContent = `Message in ${this.model.title}, ${tab.label}, as ${person(me).name}`;
  }

  // An answer taller than the pane is shown from its beginning: the verdict is there.
  reveal(node) {
    const top = node.offsetTop - this.list.offsetTop;
    this.list.scrollTop = Math.min(top - 8, top + node.offsetHeight + 12 - this.list.clientHeight);
  }

  showTabs(tabs, current) {
    const form = JSON.stringify([me, current.id, tabs.map((tab) => [tab, this.unseen(tab)])]);
    if (form === this.tabsForm) return;
    this.tabsForm = form;
    const hadFocus = this.tablist.contains(document.activeElement);
    const buttons = tabs.map((tab) => {
      const isOpen = tab.id === current.id;
      const attributes = { type: "button", role: "tab", id: `${this.model.key}-tab-${tab.id}`, "aria-selected": String(isOpen), "aria-controls": this.panel.id, tabindex: isOpen ? 0 : -1 };
      const news = this.unseen(tab) ? el("span", { class: "dot", role: "img", "aria-label": "new messages" }) : null;
      return el("button", { ...attributes, onclick: () => this.open(tab.id) }, tab.label, news);
    });
    this.tablist.setAttribute("aria-label", `${this.model.title} conversations`);
    this.tablist.replaceChildren(...buttons);
    this.panel.setAttribute("aria-labelledby", `${this.model.key}-tab-${current.id}`);
    if (hadFocus) $("[aria-selected=true]", this.tablist).focus();
  }

  showEmpty(tab, isEmpty) {
    const form = isEmpty && JSON.stringify([this.view, state.examples]);
    this.empty.hidden = !isEmpty;
    if (form === this.emptyForm) return;
    this.emptyForm = form;
    $(".lead", this.empty).textContent = this.model.lead(tab);
    $(".chips", this.empty).replaceChildren(...state.examples.map((text) => el("button", { type: "button", onclick: () => this.say(text) }, text)));
  }
}

const panes = [new Pane(SLACK), new Pane(TEAMS)];

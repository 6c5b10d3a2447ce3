// The page of the playground: keeps up with the server's state and sends what a person says and presses.

import { teams } from "./adaptivecard.js";
import { avatar, el, person, renderMessage, slack } from "./blockkit.js";
import { Overlay } from "./dialogs.js";

const $ = (selector, root = document) => root.querySelector(selector);
let state = null;
let me = null;
const seen = new Set();

async function post(path, body) {
  try {
    const response = await fetch(`/api/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const answer = await response.json();
    return answer.ok || answer.error ? answer : { ok: false, error: "That did not work. Please try again." };
  } catch {
    return { ok: false, error: "The playground did not answer. Is it still running?" };
  }
}

const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));

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
    $(".composer label", this.root).setAttribute("for", this.input.id);
    $(".composer button", this.root).setAttribute("aria-label", `Send in ${model.title}`);
    $(".composer", this.root).addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.input.value);
    });
    this.input.addEventListener("keydown", (event) => {
      // While an input method composes (Japanese, …), Enter belongs to it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.say(this.input.value);
    });
    const under = [$("header", this.root), this.list, this.empty, $(".composer", this.root)];
    const act = { send: (path, body) => this.send(path, body), leave: () => this.input.focus() };
    this.overlay = new Overlay(model, $(".overlay", this.root), under, act);
    // What stands at the bottom stays there when the pane shrinks or grows; a pane that comes back on a phone shows its end.
    let [height, below] = [0, 0];
    this.list.addEventListener("scroll", () => (below = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight));
    new ResizeObserver(() => {
      this.list.scrollTop = this.list.scrollHeight - this.list.clientHeight - (height ? below : 0);
      height = this.list.clientHeight;
    }).observe(this.list);
    this.tablist.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const tabs = this.model.tabs(state, me);
      this.open(tabs[(tabs.findIndex(({ id }) => id === this.tab) + step + tabs.length) % tabs.length].id);
      $("[aria-selected=true]", this.tablist).focus();
    });
  }

  current() {
    const tabs = this.model.tabs(state, me);
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
    $(".busy", this.root).hidden = !this.waiting;
    this.notify(answer.ok ? (answer.toast ?? "") : answer.error, !answer.ok);
    return answer.ok;
  }

  async say(typed) {
    const text = typed.trim();
    if (!text || !state) return false;
    const { error, ...body } = this.model.say(this.current(), text);
    if (error) {
      this.notify(error, true);
      return false;
    }
    this.input.value = "";
    this.input.focus();
    const sent = await this.send("say", body);
    if (!sent && !this.input.value) this.input.value = typed;
    return sent;
  }

  // Says one thing after the other in the direct messages, each when the answer to the one before can be read.
  async play(turns) {
    this.open("dm");
    for (const text of turns) {
      const before = this.nodes.size;
      if (!(await this.say(text))) return;
      for (let tries = 0; tries < 60 && this.nodes.size < before + 2; tries++) await pause(50);
      await pause(900);
    }
  }

  async press(message, what, button) {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    await this.send("press", { message, ...what });
    button.ariaBusy = "false";
  }

  privateNews(who) {
    const tabs = this.model.tabs(state, who);
    return tabs.some((tab) => this.model.messages(state, tab, who).some((found) => !seen.has(found.id) && (tab.id === "dm" || found.only_for === who)));
  }

  unseen(tab) {
    return this.model.messages(state, tab, me).some(({ id }) => !seen.has(id));
  }

  node(found) {
    const form = JSON.stringify(found);
    const known = this.nodes.get(found.id);
    if (known?.form === form) return known.node;
    const press = (what, button) => this.press(found.id, what, button);
    const node = renderMessage(this.model, state, me, found, { press, showJson: () => showJson(this.model, found) });
    // The button that had the focus is gone with the old form of the message.
    if (known?.node.contains(document.activeElement)) queueMicrotask(() => ($(".actions button", node) ?? this.input).focus({ preventScroll: true }));
    this.nodes.set(found.id, { form, node });
    return node;
  }

  update() {
    const tabs = this.model.tabs(state, me);
    const tab = this.current();
    const view = `${me} ${tab.id}`;
    const isNew = view !== this.view;
    if (isNew) this.nodes.clear();
    this.view = view;
    const messages = this.model.messages(state, tab, me);
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
    $(".composer label", this.root).textContent = `Message in ${this.model.title}, ${tab.label}, as ${person(state, me).name}`;
    this.overlay.update(state, me);
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

const panes = [new Pane(slack), new Pane(teams)];

function update() {
  panes.forEach((pane) => pane.update());
  showPeople();
  showConversations();
  showSwitch();
  showLog();
}

function face(found, isSelf) {
  const news = !isSelf && panes.some((pane) => pane.privateNews(found.id));
  return [
    avatar(state, found),
    el("span", { class: "name" }, el("strong", {}, found.name), el("small", {}, found.title)),
    found.note === "guest" ? el("span", { class: "badge" }, "Guest") : null,
    news ? el("span", { class: "dot", role: "img", "aria-label": "new messages" }) : null,
  ];
}

let peopleForm = "";

function showPeople() {
  const news = state.people.map(({ id }) => panes.some((pane) => pane.privateNews(id)));
  const form = JSON.stringify([state.people, me, news]);
  if (form === peopleForm) return;
  peopleForm = form;
  const hadFocus = $("#persons").contains(document.activeElement);
  $("#who").replaceChildren(el("span", { class: "hidden" }, "Acting as "), ...face(person(state, me), true).filter(Boolean), el("span", { "aria-hidden": "true" }, "▾"));
  const options = state.people.map((found) => {
    const radio = el("input", { type: "radio", name: "person", value: found.id, checked: found.id === me, class: "hidden", onchange: () => become(found.id) });
    return el("label", {}, radio, ...face(found, found.id === me));
  });
  $("#persons").replaceChildren(...options);
  if (hadFocus) $("#persons :checked").focus();
}

function showConversations() {
  if ($("#titles").children.length) return;
  const play = (turns) => {
    $("#conversations").hidePopover();
    panes.forEach((pane) => pane.play(turns));
  };
  const button = ({ title, language, turns }) => el("button", { type: "button", onclick: () => play(turns) }, el("strong", {}, title), el("small", { lang: language }, turns[0]));
  $("#titles").replaceChildren(...state.conversations.map(button));
  $("#plays").hidden = !state.conversations.length;
}

function become(id) {
  me = id;
  sessionStorage.setItem("person", id);
  panes.forEach((pane) => pane.notify(""));
  update();
}

function showSwitch() {
  if (!$("#switch").children.length) {
    const button = ({ model: { key, title } }) => el("button", { type: "button", "data-for": key, onclick: () => choosePane(key) }, title);
    $("#switch").append(...panes.map(button));
  }
  panes.forEach(({ model: { key } }) => $(`[data-for=${key}]`).setAttribute("aria-pressed", String(document.body.dataset.pane === key)));
}

function choosePane(key) {
  document.body.dataset.pane = key;
  showSwitch();
}

function showLog() {
  const rows = [...state.log].sort((one, other) => other.n - one.n);
  const arrow = ({ direction }) => (direction === "in" ? "→ in" : "← out");
  $("#log-count").textContent = rows.length;
  $("#log-last").textContent = rows.length ? `${arrow(rows[0])} · ${rows[0].platform} · ${rows[0].what} · ${rows[0].status}` : "nothing yet";
  const row = (found) => {
    const status = el("td", { class: found.status >= 400 ? "failed" : "fine" }, String(found.status));
    const time = new Date(found.at).toLocaleTimeString([], { hour12: false });
    return el("tr", {}, el("td", {}, time), el("td", {}, arrow(found)), el("td", {}, found.platform), el("td", {}, found.what), status, el("td", {}, String(found.ms)));
  };
  $("#log-rows").replaceChildren(...rows.map(row));
}

function showJson(model, found) {
  $("#json-text").textContent = JSON.stringify(model.json(found), null, 2);
  $("#json-said").textContent = "";
  $("#json").showModal();
}

$("#json-copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("#json-text").textContent);
    $("#json-said").textContent = "Copied";
  } catch {
    // Without leave to write the clipboard, the text is marked for the person to copy.
    getSelection().selectAllChildren($("#json-text"));
    $("#json-said").textContent = "Marked: press Ctrl+C";
  }
});

// The arrow keys choose while the list stays open; a click or Enter is the end of choosing.
$("#people").addEventListener("click", (event) => event.detail && event.target.closest("label") && $("#people").hidePopover());
$("#people").addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), $("#people").hidePopover()));
$("#people").addEventListener("toggle", (event) => event.newState === "open" && $("#persons :checked").focus());
$("#panes").append(...panes.map(({ root }) => root));

function take(next) {
  const isFirst = !state;
  state = next;
  if (!state.people.some(({ id }) => id === me)) me = (state.people.find(({ id }) => id === sessionStorage.getItem("person")) ?? state.people[0]).id;
  if (isFirst) [...state.slack.messages, ...state.teams.messages].forEach(({ id }) => seen.add(id)); // old messages are not news
  update();
}

async function poll() {
  for (let wait = 500; ; ) {
    try {
      const response = await fetch(`/api/state?version=${state?.version ?? -1}`, { cache: "no-store" });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const next = await response.json();
      $("#offline").hidden = true;
      wait = 500;
      if (next.version !== state?.version) take(next);
    } catch (error) {
      console.warn(error);
      $("#offline").hidden = false;
      await pause(wait);
      wait = Math.min(wait * 2, 8000);
    }
  }
}

poll();

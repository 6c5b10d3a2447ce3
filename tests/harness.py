"""A platform as people experience it: the same verbs through each one's real door."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

import aiohttp

from adapters.playground.people import SAMPLE_PEOPLE, SLACK_CHANNEL, TEAMS_CHANNEL, SamplePerson
from adapters.playground.slack_api import Message
from adapters.playground.slack_client import Delivered as SlackDelivered
from adapters.playground.slack_client import SlackClient
from adapters.playground.stand_ins import StandIns
from adapters.playground.teams_client import Delivered as TeamsDelivered
from adapters.playground.teams_client import TeamsClient, buttons, opens_dialog
from bot.case.base import Actor
from bot.engine.registering import put_entries
from bot.policy.model import Tool
from bot.wiring import Bot
from store.outbox import undelivered
from store.store import Store

ANN, BEN, CYD, DANA, GUS, ELI, FAY, HAL = SAMPLE_PEOPLE


@dataclass(frozen=True, slots=True)
class Seen:
    """One message of the bot as a reader would describe it: words, not JSON."""

    summary: str
    text: str
    buttons: tuple[str, ...]
    menus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenDialog:
    """An open dialog as a reader would describe it."""

    title: str
    inputs: tuple[str, ...]
    problems: tuple[str, ...]


class Harness(Protocol):
    """What a person can do and see on one platform."""

    name: str
    bot: Bot
    stand_ins: StandIns

    async def says(self, person: SamplePerson, text: str) -> None:
        """Write to the bot in private, and wait until it has answered."""

    async def says_in_channel(self, person: SamplePerson, text: str) -> None:
        """Mention the bot in a channel, and wait until it has answered."""

    async def presses(self, person: SamplePerson, label: str, picks: Mapping[str, str] | None = None) -> None:
        """Press the button called `label` on the newest message that has it, with options picked by their labels."""

    def pressable(self, person: SamplePerson, label: str) -> Any:
        """A button as it is now, to be pressed later with `presses_again`, when its card may have changed."""

    async def presses_again(self, person: SamplePerson, button: Any) -> None:
        """Press a button that was taken before."""

    async def fills(self, person: SamplePerson, answers: Mapping[str, str]) -> None:
        """Fill the open dialog by the labels of its inputs and options, and send it off."""

    def dialog(self, person: SamplePerson) -> "SeenDialog | None":
        """The dialog this person has open."""

    async def redelivers(self) -> int:
        """The platform brings its last delivery again, unchanged; how it was answered."""

    def sees(self, person: SamplePerson) -> list[Seen]:
        """The bot's messages in this person's private chat, oldest first, as shown now."""

    def sees_in_channel(self) -> list[Seen]:
        """The bot's messages in the channel."""

    def refused(self) -> list[str]:
        """What the platform did not accept; empty in every good test."""


async def settled(bot: Bot) -> None:
    """Wait until everything committed has been delivered."""
    for _ in range(500):
        await bot.delivery.drain()
        await bot.store.keeper.settle()
        if all(card.state != "due" for card in await undelivered(bot.store.database)):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the outbox does not come to rest")


class SlackHarness:
    """Slack, through signed HTTP."""

    name = "slack"

    def __init__(self, stand_ins: StandIns, bot: Bot, session: aiohttp.ClientSession, base: str) -> None:
        self.stand_ins, self.bot = stand_ins, bot
        self.client = SlackClient(stand_ins.slack, session, f"{base}/slack/events", stand_ins.secret)
        self.last: SlackDelivered | None = None

    async def says(self, person: SamplePerson, text: str) -> None:
        self.last = await self.client.direct(person, text)
        assert self.last.status == 200
        await settled(self.bot)

    async def says_in_channel(self, person: SamplePerson, text: str) -> None:
        self.last = await self.client.mention(person, text)
        assert self.last.status == 200
        await settled(self.bot)

    async def presses(self, person: SamplePerson, label: str, picks: Mapping[str, str] | None = None) -> None:
        message, element = next(
            (m, e) for m in reversed(self.messages(person)) for e in actions(m) if e["type"] == "button" and e["text"]["text"] == label
        )
        picked = {
            menu["action_id"]: ",".join(option["value"] for option in menu["options"] if option["text"]["text"] in chosen(picks))
            for menu in actions(message)
            if menu["type"] in ("static_select", "checkboxes")
        }
        picked = {key: value for key, value in picked.items() if value}
        self.last = await self.client.press(person, message, element["action_id"], picked)
        assert self.last.status == 200
        await settled(self.bot)

    async def redelivers(self) -> int:
        assert self.last is not None
        again = await self.client.deliver(self.last.raw, self.last.headers)
        await settled(self.bot)
        return again.status

    def pressable(self, person: SamplePerson, label: str) -> Any:
        message, element = next(
            (m, e) for m in reversed(self.messages(person)) for e in actions(m) if e["type"] == "button" and e["text"]["text"] == label
        )
        return replace(message, blocks=json.loads(json.dumps(message.blocks))), element["action_id"]

    async def presses_again(self, person: SamplePerson, button: Any) -> None:
        message, action = button
        self.last = await self.client.press(person, message, action)
        assert self.last.status == 200
        await settled(self.bot)

    async def fills(self, person: SamplePerson, answers: Mapping[str, str]) -> None:
        modal = self.stand_ins.slack.modals[person.slack]
        values: dict[str, str] = {}
        for block in modal.view["blocks"]:
            if block["type"] != "input":
                continue
            element, label = block["element"], block["label"]["text"]
            if label not in answers:
                continue
            options = [option["value"] for option in element.get("options", []) if option["text"]["text"] in chosen({"": answers[label]})]
            values[block["block_id"]] = ",".join(options) if "options" in element else answers[label]
        self.last = await self.client.submit(person, values)
        assert self.last.status == 200
        await settled(self.bot)

    def dialog(self, person: SamplePerson) -> SeenDialog | None:
        modal = self.stand_ins.slack.modals.get(person.slack)
        if modal is None:
            return None
        inputs = tuple(block["label"]["text"] for block in modal.view["blocks"] if block["type"] == "input")
        written = tuple("".join(leaves(block)) for block in modal.view["blocks"] if block["type"] == "rich_text")
        return SeenDialog(modal.view["title"]["text"], inputs, (*modal.errors.values(), *written))

    def messages(self, person: SamplePerson) -> list[Message]:
        """The bot's messages that this person sees, in direct messages or only for them."""
        return [m for m in self.stand_ins.slack.seen_by(person.slack) if m.blocks and (m.channel == person.direct or m.only_for)]

    def sees(self, person: SamplePerson) -> list[Seen]:
        return [seen_on_slack(m) for m in self.messages(person)]

    def sees_in_channel(self) -> list[Seen]:
        return [seen_on_slack(m) for m in self.stand_ins.slack.messages if m.channel == SLACK_CHANNEL and m.blocks and not m.only_for]

    def refused(self) -> list[str]:
        return self.stand_ins.slack.refused


class TeamsHarness:
    """Teams, through activities with signed tokens."""

    name = "teams"

    def __init__(self, stand_ins: StandIns, bot: Bot, session: aiohttp.ClientSession, base: str) -> None:
        self.stand_ins, self.bot = stand_ins, bot
        self.client = TeamsClient(stand_ins.teams, session, f"{base}/api/messages")
        self.last: TeamsDelivered | None = None

    async def says(self, person: SamplePerson, text: str) -> None:
        self.last = await self.client.says(person, text)
        assert self.last.status == 200
        await settled(self.bot)

    async def says_in_channel(self, person: SamplePerson, text: str) -> None:
        self.last = await self.client.says(person, text, TEAMS_CHANNEL)
        assert self.last.status == 200
        await settled(self.bot)

    async def presses(self, person: SamplePerson, label: str, picks: Mapping[str, str] | None = None) -> None:
        shown = [m for m in self.stand_ins.teams.shown_in(person.chat) if m.card]
        message, action = next((m, a) for m in reversed(shown) for a in buttons(m.card or {}) if a["title"] == label)
        inputs = {
            menu["id"]: ",".join(choice["value"] for choice in menu["choices"] if choice["title"] in chosen(picks))
            for menu in parts(message.card, "Input.ChoiceSet")
        }
        if opens_dialog(action):
            self.last, _ = await self.client.opens(person, message, action)
        else:
            self.last, _ = await self.client.press(person, message, action, inputs)
        assert self.last.status == 200
        await settled(self.bot)

    async def redelivers(self) -> int:
        assert self.last is not None
        again = await self.client.deliver(self.last.activity)
        await settled(self.bot)
        return again.status

    def pressable(self, person: SamplePerson, label: str) -> Any:
        shown = [m for m in self.stand_ins.teams.shown_in(person.chat) if m.card]
        return next((m, dict(a)) for m in reversed(shown) for a in buttons(m.card or {}) if a["title"] == label)

    async def presses_again(self, person: SamplePerson, button: Any) -> None:
        message, action = button
        self.last, _ = await self.client.press(person, message, action)
        assert self.last.status == 200
        await settled(self.bot)

    async def fills(self, person: SamplePerson, answers: Mapping[str, str]) -> None:
        card = self.stand_ins.teams.dialogs[person.chat]["card"]["content"]
        values: dict[str, str] = {}
        for kind in ("Input.Text", "Input.Date", "Input.ChoiceSet"):
            for element in parts(card, kind):
                if element["label"] not in answers:
                    continue
                wanted = answers[element["label"]]
                options = [choice["value"] for choice in element.get("choices", []) if choice["title"] in chosen({"": wanted})]
                values[element["id"]] = ",".join(options) if "choices" in element else wanted
        self.last, _ = await self.client.sends(person, values)
        assert self.last.status == 200
        await settled(self.bot)

    def dialog(self, person: SamplePerson) -> SeenDialog | None:
        found = self.stand_ins.teams.dialogs.get(person.chat)
        if found is None:
            return None
        card = found["card"]["content"]
        inputs = tuple(part["label"] for part in card["body"] if str(part["type"]).startswith("Input."))
        written = tuple("".join(run["text"] for run in block["inlines"]) for block in parts(card, "RichTextBlock"))
        return SeenDialog(found["title"], inputs, written)

    def sees(self, person: SamplePerson) -> list[Seen]:
        return [seen_on_teams(m.activity) for m in self.stand_ins.teams.shown_in(person.chat) if m.card]

    def sees_in_channel(self) -> list[Seen]:
        return [seen_on_teams(m.activity) for m in self.stand_ins.teams.shown_in(TEAMS_CHANNEL) if m.card]

    def refused(self) -> list[str]:
        return self.stand_ins.teams.refused


HARNESSES: dict[str, Any] = {"slack": SlackHarness, "teams": TeamsHarness}


async def put_tools(store: Store, *tools: Tool, at: datetime | None = None) -> None:
    """Import entries into the register, as an administrator does."""
    recorded = await store.policy_at(None)
    assert recorded is not None
    current = {tool.name: tool for tool in await store.tools_at(None)}
    unit = put_entries(Actor("", "test"), tools, current, recorded.policy, at or datetime.now(UTC))
    await store.commit(unit, asyncio.get_running_loop().time() + 20)


def chosen(picks: Mapping[str, str] | None) -> list[str]:
    """The labels that are picked; several of one menu stand with semicolons between them."""
    return [label.strip() for value in (picks or {}).values() for label in value.split(";")]


def actions(message: Message) -> list[dict[str, Any]]:
    """The buttons and menus of a Slack message."""
    return [element for block in message.blocks or [] if block["type"] == "actions" for element in block["elements"]]


def seen_on_slack(message: Message) -> Seen:
    """A Slack message as a reader sees it; knows nothing of our renderer."""
    words: list[str] = []
    for block in message.blocks or []:
        if block["type"] == "actions":
            continue
        words.append("".join(leaves(block)))
    labels = tuple(e["text"]["text"] for e in actions(message) if e["type"] == "button")
    menus = tuple(e["placeholder"]["text"] for e in actions(message) if e["type"] == "static_select")
    boxes = tuple(o["text"]["text"] for e in actions(message) if e["type"] == "checkboxes" for o in e["options"])
    menus = (*menus, *boxes)
    return Seen(message.text, "\n".join(words), labels, menus)


def seen_on_teams(activity: Mapping[str, Any]) -> Seen:
    """A Teams message as a reader sees it; knows nothing of our renderer."""
    card = activity["attachments"][0]["content"]
    words = ["".join(run["text"] for run in block["inlines"]) for block in parts(card, "RichTextBlock")]
    labels = tuple(action["title"] for action in buttons(card))
    sets = parts(card, "Input.ChoiceSet")
    menus = tuple(label for s in sets for label in ([c["title"] for c in s["choices"]] if s.get("isMultiSelect") else [s["label"]]))
    return Seen(str(activity["summary"]), "\n".join(words), labels, menus)


def leaves(thing: object) -> list[str]:
    """Every text in a block, in order."""
    if isinstance(thing, dict):
        text = thing.get("text")
        return [text] if isinstance(text, str) else [leaf for value in thing.values() for leaf in leaves(value)]
    if isinstance(thing, list):
        return [leaf for item in thing for leaf in leaves(item)]
    return []


def parts(thing: object, kind: str) -> list[dict[str, Any]]:
    """Every part of a card of one type, in order; fallbacks left out."""
    if isinstance(thing, dict):
        own = [thing] if thing.get("type") == kind else []
        return own + [part for key, value in thing.items() if key not in ("fallback", "data") for part in parts(value, kind)]
    if isinstance(thing, list):
        return [part for item in thing for part in parts(item, kind)]
    return []


def pretty(value: object) -> str:
    """JSON as golden files hold it."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

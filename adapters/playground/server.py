"""The playground: the real bot on a loopback port, both stand-ins beside it, and a page that shows what people see.

The page's requests become really signed deliveries to the bot's own endpoints (slack_client.py, teams_client.py).
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adapters.playground.people import ASK_CHANNEL, ASK_CHANNEL_NAME, BOT_USER, SAMPLE_PEOPLE, SLACK_CHANNEL, TEAMS_CHANNEL, SamplePerson
from adapters.playground.slack_client import SlackClient
from adapters.playground.stand_ins import StandIns
from adapters.playground.teams_client import TeamsClient, buttons, opens_dialog
from bot.config import Settings
from bot.policy.scenarios import load_scenarios
from bot.wiring import build, serving

PAGE = Path(__file__).resolve().parent / "page"
LONG_POLL_SECONDS = 20.0
LOGGED = 200
SLASH_COMMANDS = ("/ai", "/ai-request")
EXAMPLES = (
    "Can I put customer emails into ChatGPT?",
    "May I use Claude Enterprise for our roadmap?",
    "Can I use Grammarly on a published blog post?",
    "Is Gamma approved?",
    "May Claude decide whom we hire?",
    "copilot for meeting notes?",
    "request Flurbinator",
)


@dataclass
class Playground:
    """What the page shows, and what it can do."""

    stand_ins: StandIns
    slack: SlackClient
    teams: TeamsClient
    conversations: list[dict[str, Any]] = field(default_factory=list)
    version: int = 1
    log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=LOGGED))
    _number: int = 0

    def changed(self) -> None:
        """Something the page shows is different now; called from any thread."""
        self.version += 1

    def note(self, platform: str, direction: str, what: str, status: int, ms: float) -> None:
        """A line of the delivery log."""
        self._number += 1
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.log.appendleft(
            {"n": self._number, "at": now, "platform": platform, "direction": direction, "what": what, "status": status, "ms": round(ms, 1)}
        )
        self.changed()

    def state(self) -> dict[str, Any]:
        """Everything the page shows."""
        people = {person.slack: person.id for person in SAMPLE_PEOPLE} | {BOT_USER: "bot"}
        direct = {person.direct: person.id for person in SAMPLE_PEOPLE}
        return {
            "version": self.version,
            "people": [
                {"id": p.id, "name": p.name, "title": p.title, "note": "guest" if p.guest else "member", "slack": p.slack, "teams": p.teams}
                for p in SAMPLE_PEOPLE
            ],
            "examples": list(EXAMPLES),
            "conversations": self.conversations,
            "slack": {
                "channels": [{"id": SLACK_CHANNEL, "name": "general"}, {"id": ASK_CHANNEL, "name": ASK_CHANNEL_NAME[1:]}],
                "messages": [
                    {
                        "id": m.id,
                        "channel": m.channel,
                        "ts": m.ts,
                        "thread_ts": m.thread_ts,
                        "from": people.get(m.sender, m.sender),
                        "text": m.text,
                        "blocks": m.blocks,
                        "only_for": people.get(m.only_for) if m.only_for else None,
                        "with": direct.get(m.channel),
                        "edited": m.edited,
                        "via": m.via or None,
                    }
                    for m in list(self.stand_ins.slack.messages)
                ],
                "modals": {
                    person.id: {"id": modal.id, "view": modal.view, "errors": modal.errors}
                    for person in SAMPLE_PEOPLE
                    if (modal := self.stand_ins.slack.modals.get(person.slack))
                },
            },
            "teams": {
                "conversations": [{"id": p.chat, "kind": "personal", "person": p.id, "name": "May I"} for p in SAMPLE_PEOPLE]
                + [{"id": TEAMS_CHANNEL, "kind": "channel", "name": "General"}],
                "messages": [
                    {
                        "id": m.id,
                        "conversation": m.conversation,
                        "from": m.sender,
                        "text": m.text,
                        "card": m.card,
                        "activity": m.activity or None,
                        "edited": m.edited,
                    }
                    for m in list(self.stand_ins.teams.messages)
                ],
                "dialogs": {person.id: dialog for person in SAMPLE_PEOPLE if (dialog := self.stand_ins.teams.dialogs.get(person.chat))},
            },
            "log": list(self.log),
        }


def make_page(playground: Playground) -> web.Application:
    """The page and its requests."""
    application = web.Application(middlewares=[only_here])

    async def page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html")

    async def no_icon(_: web.Request) -> web.Response:
        return web.Response(status=204)

    async def state(request: web.Request) -> web.Response:
        known = request.query.get("version", "")
        until = time.monotonic() + LONG_POLL_SECONDS
        while str(playground.version) == known and time.monotonic() < until:  # noqa: ASYNC110  changes come from other threads
            await asyncio.sleep(0.05)
        return web.json_response(playground.state())

    async def act(request: web.Request) -> web.Response:
        body = await request.json()
        person = next((person for person in SAMPLE_PEOPLE if person.id == body.get("person")), None)
        if person is None:
            return web.json_response({"ok": False, "error": "Pick somebody first."})
        status, toast = await DEEDS[request.match_info["what"]](playground, person, body)
        if status >= 400:
            return web.json_response({"ok": False, "error": f"The bot answered {status}. Look at the delivery log."})
        return web.json_response({"ok": True, "toast": toast or None})

    application.router.add_get("/", page)
    application.router.add_get("/api/state", state)
    application.router.add_post(f"/api/{{what:{'|'.join(DEEDS)}}}", act)
    application.router.add_get("/favicon.ico", no_icon)
    application.router.add_static("/", PAGE)
    return application


@web.middleware
async def only_here(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer only pages of our own on this machine; another site must not play here."""
    host = request.host.rsplit(":", 1)[0]
    origin = request.headers.get("Origin", f"http://{request.host}")
    if host not in ("127.0.0.1", "localhost", "[::1]") or origin != f"http://{request.host}":
        return web.Response(status=403)
    answer: web.StreamResponse = await handler(request)
    answer.headers["Content-Security-Policy"] = "default-src 'self'"
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def slack_says(playground: Playground, person: SamplePerson, body: dict[str, Any]) -> tuple[int, str]:
    """Words on Slack: a slash command, a direct message, or a mention."""
    text = str(body.get("text", ""))[:4000]
    if body.get("where") == "slash":
        channel, command = str(body.get("channel") or person.direct), str(body.get("command") or "/ai")
        if channel not in (person.direct, SLACK_CHANNEL, ASK_CHANNEL) or command not in SLASH_COMMANDS:
            return 404, ""
        return (await playground.slack.command(person, text, channel, command)).status, ""
    if body.get("where") == "dm":
        return (await playground.slack.direct(person, text)).status, ""
    return (await playground.slack.mention(person, text)).status, ""


async def slack_presses(playground: Playground, person: SamplePerson, body: dict[str, Any]) -> tuple[int, str]:
    """A press on Slack."""
    message = next((m for m in playground.stand_ins.slack.messages if m.id == body.get("message")), None)
    if message is None:
        return 404, ""
    return (await playground.slack.press(person, message, str(body.get("action_id")), texts(body.get("picked")))).status, ""


async def slack_submits(playground: Playground, person: SamplePerson, body: dict[str, Any]) -> tuple[int, str]:
    """The open modal, sent off."""
    if person.slack not in playground.stand_ins.slack.modals:
        return 404, ""
    return (await playground.slack.submit(person, texts(body.get("values")))).status, ""


async def slack_closes(playground: Playground, person: SamplePerson, _: dict[str, Any]) -> tuple[int, str]:
    """The open modal, left; Slack tells the bot only where it asked to be told, which it never does."""
    playground.stand_ins.slack.modals.pop(person.slack, None)
    playground.changed()
    return 200, ""


async def teams_says(playground: Playground, person: SamplePerson, body: dict[str, Any]) -> tuple[int, str]:
    """Words on Teams."""
    conversation = str(body.get("conversation") or person.chat)
    if conversation.startswith("a:") and conversation != person.chat:
        return 403, ""
    return (await playground.teams.says(person, str(body.get("text", ""))[:4000], conversation)).status, ""


async def teams_presses(playground: Playground, person: SamplePerson, body: dict[str, Any]) -> tuple[int, str]:
    """A press on Teams: of a button that the bot answers, or of one that opens a dialog."""
    message = next((m for m in playground.stand_ins.teams.messages if m.id == body.get("message")), None)
    action = next((a for a in buttons(message.card or {}) if a["data"] == body.get("data")), None) if message else None
    if message is None or action is None:
        return 404, ""
    if opens_dialog(action):
        delivered, toast = await playground.teams.opens(person, message, action)
    else:
        delivered, toast = await playground.teams.press(person, message, action, texts(body.get("inputs")))
    return delivered.status, toast


async def teams_submits(playground: Playground, person: SamplePerson, body: dict[str, Any]) -> tuple[int, str]:
    """The open dialog, sent off."""
    if person.chat not in playground.stand_ins.teams.dialogs:
        return 404, ""
    delivered, toast = await playground.teams.sends(person, texts(body.get("values")))
    return delivered.status, toast


async def teams_closes(playground: Playground, person: SamplePerson, _: dict[str, Any]) -> tuple[int, str]:
    """The open dialog, left; Teams tells the bot nothing."""
    playground.stand_ins.teams.dialogs.pop(person.chat, None)
    playground.changed()
    return 200, ""


def texts(given: object) -> dict[str, str]:
    """What the inputs hold, by their names."""
    return {str(key): str(value) for key, value in given.items()} if isinstance(given, dict) else {}


DEEDS: Mapping[str, Callable[[Playground, SamplePerson, dict[str, Any]], Awaitable[tuple[int, str]]]] = {
    "slack/say": slack_says,
    "slack/press": slack_presses,
    "slack/submit": slack_submits,
    "slack/close": slack_closes,
    "teams/say": teams_says,
    "teams/press": teams_presses,
    "teams/submit": teams_submits,
    "teams/close": teams_closes,
}


def conversations(folder: Path) -> list[dict[str, Any]]:
    """The conversations of the content that can be played, each with a title and what the person says."""
    titled = [scenario for scenario in load_scenarios(folder, []) if scenario.title]
    return [{"title": scenario.title, "language": scenario.language, "turns": [turn.ask for turn in scenario.turns]} for scenario in titled]


@asynccontextmanager
async def playing(settings: Settings, port: int) -> AsyncIterator[Playground]:
    """The playground, served on this port."""
    with StandIns() as stand_ins:
        settings = replace(settings, slack=stand_ins.slack_settings(), teams=stand_ins.teams_settings())
        async with aiohttp.ClientSession() as session, build(settings) as bot, serving(bot, "127.0.0.1", 0) as bot_port:
            await bot.know([person.entry for person in SAMPLE_PEOPLE if not person.guest])
            base = f"http://127.0.0.1:{bot_port}"
            playground = Playground(
                stand_ins,
                SlackClient(stand_ins.slack, session, f"{base}/slack/events", stand_ins.secret, lambda *a: playground.note("slack", "in", *a)),
                TeamsClient(stand_ins.teams, session, f"{base}/api/messages", lambda *a: playground.note("teams", "in", *a)),
                conversations(settings.content),
            )
            for platform, stand_in in (("slack", stand_ins.slack), ("teams", stand_ins.teams)):
                stand_in.changed = playground.changed
                stand_in.log = lambda what, status, ms, platform=platform: playground.note(platform, "out", what, status, ms)  # type: ignore[misc]
            runner = web.AppRunner(make_page(playground), access_log=None, shutdown_timeout=1)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", port).start()
                for person in SAMPLE_PEOPLE:
                    if not person.guest:
                        await playground.teams.installs(person)
                yield playground
            finally:
                await runner.cleanup()

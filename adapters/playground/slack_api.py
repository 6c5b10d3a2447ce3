"""A strict stand-in for Slack's Web API: it says no to what Slack says no to, and keeps what each person sees."""

import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from adapters.playground import block_kit
from adapters.playground.faults import Faults, suffer
from adapters.playground.people import ASK_CHANNEL, ASK_CHANNEL_NAME, BOT_USER, SAMPLE_PEOPLE, SLACK_CHANNEL, SLACK_TEAM

TOKEN = "xoxb-playground-0123456789"  # noqa: S105  known to nobody but the stand-in
APP_TOKEN = "xapp-playground-0123456789"  # noqa: S105  likewise
URL_USES, URL_SECONDS, TRIGGER_SECONDS = 5, 1800, 3
LONGEST_TEXT = 40_000


@dataclass(slots=True)
class Message:
    """A message as Slack keeps it. `only_for` marks an ephemeral one."""

    channel: str
    ts: str
    sender: str
    text: str
    blocks: list[dict[str, Any]] | None
    thread_ts: str | None = None
    only_for: str | None = None
    edited: bool = False
    deleted: bool = False
    via: str = ""

    @property
    def id(self) -> str:
        """Channel and time stamp."""
        return f"{self.channel}/{self.ts}"


@dataclass(slots=True)
class ResponseUrl:
    """Where answers to one interaction may be posted: five times within half an hour."""

    channel: str
    user: str
    born: float
    message: Message | None
    thread_ts: str | None = None
    uses: int = 0


@dataclass(slots=True)
class Modal:
    """A modal that somebody has open, with what was wrong with its last contents."""

    id: str
    user: str
    view: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


def sample_users() -> dict[str, dict[str, Any]]:
    """users.info of the sample people."""
    users = {
        person.slack: {
            "id": person.slack,
            "team_id": SLACK_TEAM,
            "name": person.id,
            "deleted": False,
            "is_bot": False,
            "is_restricted": person.guest,
            "is_ultra_restricted": False,
            "profile": {"real_name": person.name, "email": person.email},
        }
        for person in SAMPLE_PEOPLE
    }
    users[BOT_USER] = {"id": BOT_USER, "team_id": SLACK_TEAM, "name": "mayi", "is_bot": True, "profile": {"real_name": "May I"}}
    return users


@dataclass
class SlackApi:
    """The stand-in's state; every public attribute may be looked at by a test."""

    changed: Callable[[], None] = lambda: None
    users: dict[str, dict[str, Any]] = field(default_factory=sample_users)
    messages: list[Message] = field(default_factory=list)
    urls: dict[str, ResponseUrl] = field(default_factory=dict)
    triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    modals: dict[str, Modal] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    envelopes: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    log: Callable[[str, int, float], None] = lambda what, status, ms: None
    base: str = ""
    members: set[str] = field(default_factory=lambda: {SLACK_CHANNEL, ASK_CHANNEL})
    clock: Callable[[], float] = time.time
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def application(self) -> web.Application:
        """The stand-in as a web server."""
        application = web.Application()
        application.router.add_post("/api/{method}", self._call)
        application.router.add_get("/api/{method}", self._call)
        application.router.add_post("/response/{url}", self._respond)
        application.router.add_get("/socket", self._socket)
        return application

    def ts(self) -> str:
        """A time stamp later than all before."""
        return f"{int(self.clock())}.{next(self._numbers):06d}"

    def response_url(self, channel: str, user: str, message: Message | None = None, thread_ts: str | None = None) -> str:
        """A new response_url."""
        name = secrets.token_hex(8)
        self.urls[name] = ResponseUrl(channel, user, self.clock(), message, thread_ts)
        return f"{self.base}/response/{name}"

    def trigger(self, user: str) -> str:
        """A new trigger id: good once, for three seconds."""
        name = secrets.token_hex(12)
        self.triggers[name] = (user, time.monotonic())
        return name

    def put(self, message: Message) -> Message:
        """Show a message."""
        self.messages.append(message)
        self.changed()
        return message

    def seen_by(self, user: str) -> list[Message]:
        """What a person sees, oldest first: their direct messages, the channels, and what is only for them."""
        direct = f"D{user[1:]}"
        return [m for m in self.messages if not m.deleted and (m.channel == direct or m.channel.startswith("C")) and m.only_for in (None, user)]

    async def _call(self, request: web.Request) -> web.Response:
        begun = time.perf_counter()
        method = request.match_info["method"]
        arguments: dict[str, Any] = await request.json() if request.content_type == "application/json" else dict(await request.post())
        arguments = {**request.query, **arguments}
        self.calls.append((method, arguments))
        fault = self.faults.take(method)
        if fault and not fault.after:
            return await suffer(fault, request)
        wanted = APP_TOKEN if method == "apps.connections.open" else TOKEN
        if request.headers.get("Authorization") != f"Bearer {wanted}":
            answer: dict[str, Any] = {"ok": False, "error": "invalid_auth" if "Authorization" in request.headers else "not_authed"}
        else:
            act = getattr(self, "_" + method.replace(".", "_"), None)
            answer = act(arguments) if act else {"ok": False, "error": "unknown_method"}
        if not answer["ok"]:
            self.refused.append(f"{method}: {answer['error']} {answer.get('detail', '')}")
        self.log(f"{method} {answer.get('error', '')}".strip(), 200, (time.perf_counter() - begun) * 1000)
        return await suffer(fault, request) if fault else web.json_response(answer)

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "ok": True,
            "url": "https://northwind.slack.com/",
            "team": "Northwind",
            "user": "mayi",
            "team_id": SLACK_TEAM,
            "user_id": BOT_USER,
            "bot_id": "B0MAYI",
        }

    def _apps_connections_open(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "url": f"{self.base.replace('http', 'ws', 1)}/socket"}

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        """Socket Mode: what is put into `envelopes` is sent, what the bot acknowledges is kept."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        while not socket.closed:
            while self.envelopes:
                await socket.send_json(self.envelopes.pop(0))
            try:
                message = await socket.receive(timeout=0.05)
            except TimeoutError:
                continue
            if message.type is WSMsgType.TEXT:
                self.acknowledged.append(message.json())
            elif message.type is not WSMsgType.PING:
                break
        return socket

    def _users_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(str(arguments.get("user")))
        return {"ok": True, "user": user} if user else {"ok": False, "error": "user_not_found"}

    def _chat_postMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802  Slack's name
        channel = str(arguments.get("channel", ""))
        if channel == ASK_CHANNEL_NAME:
            channel = ASK_CHANNEL
        if channel.startswith("U"):
            if channel not in self.users:
                return {"ok": False, "error": "channel_not_found"}
            if self.users[channel].get("deleted"):
                return {"ok": False, "error": "user_disabled"}
            channel = f"D{channel[1:]}"
        if channel.startswith("C") and channel not in self.members:
            return {"ok": False, "error": "not_in_channel"}
        if not channel.startswith(("C", "D")) or (channel.startswith("D") and f"U{channel[1:]}" not in self.users):
            return {"ok": False, "error": "channel_not_found"}
        if wrong := self._content_fault(arguments):
            return wrong
        thread = arguments.get("thread_ts")
        message = self.put(
            Message(channel, self.ts(), BOT_USER, str(arguments.get("text", "")), arguments.get("blocks"), str(thread) if thread else None)
        )
        return {"ok": True, "channel": channel, "ts": message.ts}

    def _chat_postEphemeral(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802  Slack's name
        if wrong := self._content_fault(arguments):
            return wrong
        user = str(arguments.get("user"))
        message = self.put(
            Message(str(arguments.get("channel")), self.ts(), BOT_USER, str(arguments.get("text", "")), arguments.get("blocks"), only_for=user)
        )
        return {"ok": True, "message_ts": message.ts}

    def _chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        found = next((m for m in self.messages if m.channel == arguments.get("channel") and m.ts == arguments.get("ts")), None)
        if found is None or found.deleted or found.only_for:
            return {"ok": False, "error": "message_not_found"}
        if found.sender != BOT_USER:
            return {"ok": False, "error": "cant_update_message"}
        if wrong := self._content_fault(arguments):
            return wrong
        found.text, found.blocks, found.edited = str(arguments.get("text", "")), arguments.get("blocks"), True
        self.changed()
        return {"ok": True, "channel": found.channel, "ts": found.ts}

    def _views_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        user, born = self.triggers.pop(str(arguments.get("trigger_id")), ("", 0.0))
        if not user:
            return {"ok": False, "error": "exchanged_trigger_id"}
        if time.monotonic() - born > TRIGGER_SECONDS:
            return {"ok": False, "error": "expired_trigger_id"}
        if wrong := block_kit.view_faults(arguments.get("view")):
            return {"ok": False, "error": "invalid_arguments", "detail": "; ".join(wrong)}
        modal = Modal(f"V{next(self._numbers):08d}", user, arguments["view"])
        self.modals[user] = modal
        self.changed()
        return {"ok": True, "view": {"id": modal.id}}

    def _views_publish(self, arguments: dict[str, Any]) -> dict[str, Any]:
        user, view = str(arguments.get("user_id")), arguments.get("view")
        if user not in self.users:
            return {"ok": False, "error": "user_not_found"}
        if not isinstance(view, dict) or view.get("type") != "home" or set(view) != {"type", "blocks"}:
            return {"ok": False, "error": "invalid_arguments"}
        if wrong := block_kit.faults(view["blocks"]):
            return {"ok": False, "error": "invalid_blocks", "detail": "; ".join(wrong)}
        self.homes[user] = view
        self.changed()
        return {"ok": True, "view": {"id": f"H{user}"}}

    def _content_fault(self, arguments: dict[str, Any]) -> dict[str, Any] | None:
        text = arguments.get("text")
        if not isinstance(text, str) or not text:
            return {"ok": False, "error": "no_text"}
        if len(text) > LONGEST_TEXT:
            return {"ok": False, "error": "msg_too_long"}
        wrong = block_kit.faults(arguments["blocks"]) if arguments.get("blocks") else []
        return {"ok": False, "error": "invalid_blocks", "detail": "; ".join(wrong)} if wrong else None

    async def _respond(self, request: web.Request) -> web.Response:
        url = self.urls.get(request.match_info["url"])
        body = await request.json()
        self.calls.append(("response_url", body))
        if fault := self.faults.take("response_url"):
            return await suffer(fault, request)
        if url is None or url.uses >= URL_USES or self.clock() - url.born > URL_SECONDS:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        if wrong := self._content_fault(body):
            self.refused.append(f"response_url: {wrong}")
            return web.json_response(wrong, status=400)
        url.uses += 1
        if body.get("replace_original") and url.message is not None:
            url.message.text, url.message.blocks, url.message.edited = body["text"], body.get("blocks"), True
            self.changed()
        else:
            only = None if body.get("response_type") == "in_channel" else url.user
            self.put(Message(url.channel, self.ts(), BOT_USER, body["text"], body.get("blocks"), url.thread_ts, only))
        self.log("response_url", 200, 0)
        return web.json_response({"ok": True})

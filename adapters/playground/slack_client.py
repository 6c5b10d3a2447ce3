"""Slack as people use it: what somebody types and presses becomes really signed requests to the bot."""

import hashlib
import hmac
import io
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from adapters.playground import block_kit
from adapters.playground.people import BOT_USER, SLACK_CHANNEL, SLACK_TEAM, SamplePerson
from adapters.playground.slack_api import Message, Modal, SlackApi


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the bot answered to a delivery, and the delivery itself, so that it can be made again."""

    status: int
    body: str
    raw: bytes
    headers: Mapping[str, str]


class SlackClient:
    """Sends what people do to the bot's endpoint."""

    def __init__(
        self,
        api: SlackApi,
        session: aiohttp.ClientSession,
        endpoint: str,
        secret: str,
        log: Callable[[str, int, float], None] = lambda a, b, c: None,
    ) -> None:
        self.api, self.endpoint, self._session, self._secret, self._log = api, endpoint, session, secret, log

    def signed(self, raw: bytes, content_type: str, *, at: int | None = None, secret: str | None = None) -> dict[str, str]:
        """The headers of a request that Slack would sign now."""
        timestamp = str(at if at is not None else int(self.api.clock()))
        digest = hmac.new(
            (secret if secret is not None else self._secret).encode(), b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256
        ).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": content_type}

    async def deliver(self, raw: bytes, headers: Mapping[str, str], what: str = "again") -> Delivered:
        """Send bytes to the bot."""
        begun = time.perf_counter()
        async with self._session.post(self.endpoint, data=io.BytesIO(raw), headers=headers) as answer:
            body = await answer.text()
        self._log(what, answer.status, (time.perf_counter() - begun) * 1000)
        return Delivered(answer.status, body, raw, headers)

    async def command(self, person: SamplePerson, text: str, channel: str = SLACK_CHANNEL, command: str = "/ai") -> Delivered:
        """`/ai …` in a channel; an ephemeral answer is shown to the person."""
        form = {
            "command": command,
            "text": text,
            "team_id": SLACK_TEAM,
            "user_id": person.slack,
            "channel_id": channel,
            "user_name": person.id,
            "trigger_id": self.api.trigger(person.slack),
            "response_url": self.api.response_url(channel, person.slack),
            "api_app_id": "A0MAYI",
        }
        raw = urlencode(form).encode()
        self.api.put(Message(channel, self.api.ts(), person.slack, f"{command} {text}", None, only_for=person.slack, via=command))
        delivered = await self.deliver(raw, self.signed(raw, "application/x-www-form-urlencoded"), f"command {command} → {channel}")
        if delivered.status == 200 and delivered.body.startswith("{"):
            body = json.loads(delivered.body)
            if wrong := block_kit.faults(body["blocks"]) if body.get("blocks") else []:
                self.api.refused.append("; ".join(wrong))
            if body.get("text"):
                self.api.put(Message(channel, self.api.ts(), BOT_USER, body["text"], body.get("blocks"), only_for=person.slack, via="/ai"))
        return delivered

    async def direct(self, person: SamplePerson, text: str) -> Delivered:
        """A direct message to the bot."""
        ts = self.api.ts()
        self.api.put(Message(person.direct, ts, person.slack, text, None))
        return await self.event(
            {"type": "message", "channel_type": "im", "channel": person.direct, "user": person.slack, "text": escaped(text), "ts": ts}
        )

    async def mention(self, person: SamplePerson, text: str, channel: str = SLACK_CHANNEL, thread_ts: str | None = None) -> Delivered:
        """A mention of the bot in a channel."""
        ts = self.api.ts()
        self.api.put(Message(channel, ts, person.slack, f"@May I {text}", None, thread_ts))
        event = {"type": "app_mention", "channel": channel, "user": person.slack, "text": f"<@{BOT_USER}> {escaped(text)}", "ts": ts}
        return await self.event(event | ({"thread_ts": thread_ts} if thread_ts else {}))

    async def event(self, event: Mapping[str, Any], *, event_id: str = "", team: str = SLACK_TEAM) -> Delivered:
        """Any event."""
        envelope = {
            "type": "event_callback",
            "team_id": team,
            "api_app_id": "A0MAYI",
            "event_id": event_id or f"Ev{secrets.token_hex(6)}",
            "event_time": int(time.time()),
            "event": event,
            "authorizations": [{"team_id": team, "user_id": BOT_USER, "is_bot": True}],
        }
        raw = json.dumps(envelope).encode()
        return await self.deliver(raw, self.signed(raw, "application/json"), f"event {event.get('type')}")

    async def press(self, person: SamplePerson, message: Message, action_id: str, picked: Mapping[str, str] | None = None) -> Delivered:
        """A press of a button, with what the menus of the message hold."""
        actions = [element for block in message.blocks or [] if block["type"] == "actions" for element in block["elements"]]
        element = next(element for element in actions if element["action_id"] == action_id)
        kinds = {element["action_id"]: element["type"] for element in actions}
        values = {
            f"b{at}": {key: {"type": "checkboxes", "selected_options": [{"value": one} for one in value.split(",") if one]}}
            if kinds.get(key) == "checkboxes"
            else {key: {"type": "static_select", "selected_option": {"value": value}}}
            for at, (key, value) in enumerate((picked or {}).items())
        }
        ephemeral = message.only_for is not None
        payload = {
            "type": "block_actions",
            "team": {"id": SLACK_TEAM, "domain": "northwind"},
            "user": {"id": person.slack, "team_id": SLACK_TEAM, "username": person.id},
            "api_app_id": "A0MAYI",
            "trigger_id": self.api.trigger(person.slack),
            "channel": {"id": message.channel},
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": ephemeral,
                "thread_ts": message.thread_ts,
            },
            "response_url": self.api.response_url(message.channel, person.slack, message if ephemeral else None, message.thread_ts),
            "actions": [
                {"type": element["type"], "action_id": action_id, "block_id": "b", "value": element.get("value"), "action_ts": self.api.ts()}
            ],
            "state": {"values": values},
        }
        if not ephemeral:
            payload["message"] = {"ts": message.ts, "thread_ts": message.thread_ts, "text": message.text}
        return await self.interaction(payload)

    async def submit(self, person: SamplePerson, values: Mapping[str, str]) -> Delivered:
        """Send the open modal off, its inputs filled by their block_id; several options with commas between them."""
        modal = self.api.modals[person.slack]
        state: dict[str, Any] = {}
        for block in modal.view["blocks"]:
            if block["type"] == "input":
                state[block["block_id"]] = {"value": filled(block["element"], values.get(block["block_id"], ""))}
        payload = {
            "type": "view_submission",
            "team": {"id": SLACK_TEAM, "domain": "northwind"},
            "user": {"id": person.slack, "team_id": SLACK_TEAM},
            "api_app_id": "A0MAYI",
            "trigger_id": self.api.trigger(person.slack),
            "view": {**modal.view, "id": modal.id, "hash": self.api.ts(), "state": {"values": state}},
            "response_urls": [],
        }
        delivered = await self.interaction(payload)
        self._answered(person, modal, delivered)
        return delivered

    def _answered(self, person: SamplePerson, modal: Modal, delivered: Delivered) -> None:
        """What Slack does with the answer to a modal."""
        body = json.loads(delivered.body) if delivered.status == 200 and delivered.body.startswith("{") else {}
        match body.get("response_action"):
            case "errors":
                known = {block["block_id"] for block in modal.view["blocks"] if block["type"] == "input"}
                if not body["errors"] or set(body["errors"]) - known:
                    self.api.refused.append(f"errors for unknown blocks {sorted(body['errors'])}")
                modal.errors = dict(body["errors"])
            case "update":
                if wrong := block_kit.view_faults(body["view"]):
                    self.api.refused.append("; ".join(wrong))
                modal.view, modal.errors = body["view"], {}
            case _ if delivered.status == 200:
                self.api.modals.pop(person.slack, None)
        self.api.changed()

    async def interaction(self, payload: Mapping[str, Any]) -> Delivered:
        """Any interaction."""
        raw = urlencode({"payload": json.dumps(payload)}).encode()
        return await self.deliver(raw, self.signed(raw, "application/x-www-form-urlencoded"), str(payload.get("type")))


def filled(element: Mapping[str, Any], value: str) -> dict[str, Any]:
    """The state of an input that holds this."""
    kind = element["type"]
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": [{"value": one} for one in value.split(",") if one]}
    if kind == "static_select":
        return {"type": kind, "selected_option": {"value": value} if value else None}
    if kind == "datepicker":
        return {"type": kind, "selected_date": value or None}
    return {"type": kind, "value": value or None}


def escaped(text: str) -> str:
    """Text as Slack sends it: three characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""Teams as people use it: what somebody types and presses becomes activities with really signed tokens."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from adapters.playground import adaptive_cards
from adapters.playground.bot_connector import BotConnector, Shown
from adapters.playground.people import APP_ID, TENANT, SamplePerson

BOT = {"id": f"28:{APP_ID}", "name": "May I"}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the bot answered to an activity, and the activity itself, so that it can be delivered again."""

    status: int
    body: str
    activity: Mapping[str, Any]


class TeamsClient:
    """Sends what people do to the bot's endpoint."""

    def __init__(
        self,
        connector: BotConnector,
        session: aiohttp.ClientSession,
        endpoint: str,
        log: Callable[[str, int, float], None] = lambda a, b, c: None,
    ) -> None:
        self.connector, self.endpoint, self._session, self._log = connector, endpoint, session, log
        self._token, self._good_until = "", 0.0

    def token(self) -> str:
        """The token that the connector sends along; one serves for a while, as Microsoft's does."""
        if time.time() > self._good_until:
            self._token, self._good_until = self.connector.token(), time.time() + 1800
        return self._token

    async def deliver(self, activity: Mapping[str, Any], token: str | None = None) -> Delivered:
        """Send an activity to the bot."""
        begun = time.perf_counter()
        headers = {
            "Authorization": f"Bearer {token if token is not None else self.token()}",
            "Content-Type": "application/json; charset=utf-8",
        }
        async with self._session.post(self.endpoint, data=json.dumps(activity).encode(), headers=headers) as answer:
            body = await answer.text()
        what = str(activity.get("name") or activity.get("type"))
        self._log(f"activity {what}", answer.status, (time.perf_counter() - begun) * 1000)
        return Delivered(answer.status, body, activity)

    def activity(self, person: SamplePerson, conversation: str, **more: object) -> dict[str, Any]:
        """An activity of this person in a conversation."""
        personal = conversation.startswith("a:")
        return {
            "id": secrets.token_hex(10),
            "channelId": "msteams",
            "serviceUrl": self.connector.service_url,
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "from": {"id": person.teams_user, "name": person.name, "aadObjectId": person.teams},
            "recipient": BOT,
            "conversation": {
                "id": conversation,
                "conversationType": "personal" if personal else "channel",
                "tenantId": TENANT,
                "isGroup": not personal,
            },
            "channelData": {"tenant": {"id": TENANT}},
            "locale": "en-US",
            **more,
        }

    async def says(self, person: SamplePerson, text: str, conversation: str = "") -> Delivered:
        """A message: in the person's own chat, or in a channel with a mention of the bot."""
        conversation = conversation or person.chat
        if conversation.startswith("a:"):
            self.connector.put(conversation, person.id, text, {})
            return await self.deliver(self.activity(person, conversation, type="message", text=text, textFormat="plain"))
        root = conversation if ";messageid=" in conversation else f"{conversation};messageid={int(time.time() * 1000)}"
        self.connector.put(root, person.id, f"@May I {text}", {})
        mention = {"type": "mention", "mentioned": BOT, "text": "<at>May I</at>"}
        return await self.deliver(self.activity(person, root, type="message", text=f"<at>May I</at> {text}", entities=[mention]))

    async def installs(self, person: SamplePerson) -> Delivered:
        """The app is installed for a person."""
        return await self.deliver(self.activity(person, person.chat, type="installationUpdate", action="add"))

    async def press(
        self, person: SamplePerson, message: Shown, action: Mapping[str, Any], inputs: Mapping[str, str] | None = None
    ) -> tuple[Delivered, str]:
        """A press of Action.Execute; what the bot answers takes the card's place, or is said as a line."""
        data = {**action["data"], **(inputs or {})}
        value = {"action": {"type": "Action.Execute", "title": action["title"], "verb": action["verb"], "data": data}, "trigger": "manual"}
        invoke = self.activity(person, message.conversation, type="invoke", name="adaptiveCard/action", value=value, replyToId=message.id)
        delivered = await self.deliver(invoke)
        body = json.loads(delivered.body) if delivered.body.startswith("{") else {}
        if body.get("type") == "application/vnd.microsoft.card.adaptive":
            if wrong := adaptive_cards.card_faults(body["value"]):
                self.connector.refused.append("; ".join(wrong))
            message.activity = {**message.activity, "attachments": [{"contentType": body["type"], "content": body["value"]}]}
            self.connector.changed()
        return delivered, str(body.get("value")) if body.get("type") == "application/vnd.microsoft.activity.message" else ""

    async def opens(self, person: SamplePerson, message: Shown, action: Mapping[str, Any]) -> tuple[Delivered, str]:
        """A press of a button that opens a dialog."""
        value = {"data": {**action["data"], "type": "task/fetch"}, "context": {"theme": "default"}}
        invoke = self.activity(person, message.conversation, type="invoke", name="task/fetch", value=value, replyToId=message.id)
        return self._dialog(person, await self.deliver(invoke))

    async def sends(self, person: SamplePerson, values: Mapping[str, str]) -> tuple[Delivered, str]:
        """The open dialog is sent off, its inputs filled by their id; Teams leaves empty ones out."""
        card = self.connector.dialogs[person.chat]["card"]["content"]
        action = next(part for part in adaptive_cards.parts(card) if part.get("type") == "Action.Submit")
        data = {**action["data"], **{key: value for key, value in values.items() if value}}
        invoke = self.activity(person, person.chat, type="invoke", name="task/submit", value={"data": data, "context": {"theme": "default"}})
        return self._dialog(person, await self.deliver(invoke))

    def _dialog(self, person: SamplePerson, delivered: Delivered) -> tuple[Delivered, str]:
        """What Teams does with the answer: the dialog opens, stays, or closes with a line."""
        body = json.loads(delivered.body) if delivered.body.startswith("{") else {}
        task = body.get("task") or {}
        if task.get("type") == "continue":
            if wrong := adaptive_cards.card_faults(task["value"]["card"]["content"]):
                self.connector.refused.append("; ".join(wrong))
            self.connector.dialogs[person.chat] = task["value"]
        elif delivered.status == 200:
            self.connector.dialogs.pop(person.chat, None)
        self.connector.changed()
        return delivered, str(task.get("value")) if task.get("type") == "message" else ""

    async def submit(self, person: SamplePerson, message: Shown, data: Mapping[str, Any]) -> Delivered:
        """A press of Action.Submit, as older clients send it."""
        return await self.deliver(self.activity(person, message.conversation, type="message", text="", value=dict(data), replyToId=message.id))


def buttons(card: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The actions of a card."""
    return [
        part
        for part in adaptive_cards.parts(dict(card))
        if part.get("type") == "Action.Execute" or (part.get("type") == "Action.Submit" and opens_dialog(part))
    ]


def opens_dialog(action: Mapping[str, Any]) -> bool:
    """Whether a button asks Teams to open a dialog."""
    return (action.get("data") or {}).get("msteams") == {"type": "task/fetch"}

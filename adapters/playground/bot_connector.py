"""Strict stand-ins for the Bot Connector, its key server and the token endpoint; they keep what each conversation shows."""

import itertools
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from adapters.playground import adaptive_cards
from adapters.playground.faults import Faults, suffer
from adapters.playground.people import APP_ID, SAMPLE_PEOPLE, TEAMS_CHANNEL, TENANT

PASSWORD = "playground-password-0123456789"  # noqa: S105  known to nobody but the stand-in
ISSUER = "https://api.botframework.com"
TOKEN_SECONDS = 3600


@dataclass(slots=True)
class Shown:
    """A message as Teams keeps it."""

    id: str
    conversation: str
    sender: str
    text: str
    activity: dict[str, Any]
    edited: bool = False

    @property
    def card(self) -> dict[str, Any] | None:
        """The card it carries."""
        attachments = self.activity.get("attachments")
        return attachments[0]["content"] if attachments else None


def sample_members() -> dict[str, dict[str, Any]]:
    """The member list of the sample people, by their id for the bot."""
    return {
        person.teams_user: {
            "id": person.teams_user,
            "aadObjectId": person.teams,
            "name": person.name,
            "email": person.email,
            "userPrincipalName": person.email,
            "tenantId": TENANT,
            "userRole": "guest" if person.guest else "user",
        }
        for person in SAMPLE_PEOPLE
    }


@dataclass
class BotConnector:
    """The stand-in's state; every public attribute may be looked at by a test."""

    changed: Callable[[], None] = lambda: None
    members: dict[str, dict[str, Any]] = field(default_factory=sample_members)
    conversations: set[str] = field(default_factory=lambda: {TEAMS_CHANNEL, *(person.chat for person in SAMPLE_PEOPLE)})
    messages: list[Shown] = field(default_factory=list)
    #: The dialog that somebody has open, by their conversation: title and card.
    dialogs: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    log: Callable[[str, int, float], None] = lambda what, status, ms: None
    base: str = ""
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        if not self.keys:
            self.rotate()

    def rotate(self) -> str:
        """Sign with a new key from now on; its id."""
        kid = secrets.token_hex(8)
        self.keys[kid] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return kid

    def token(self, service_url: str = "", *, kid: str = "", headers: Mapping[str, Any] | None = None, **claims: object) -> str:
        """A token as the Bot Framework sends with every activity; claims may be set otherwise."""
        kid = kid or list(self.keys)[-1]
        now = int(time.time())
        body = {
            "iss": ISSUER,
            "aud": APP_ID,
            "serviceurl": service_url or self.service_url,
            "iat": now,
            "nbf": now,
            "exp": now + TOKEN_SECONDS,
        } | claims
        body = {key: value for key, value in body.items() if value is not None}
        return jwt.encode(body, self.keys[kid], algorithm="RS256", headers={"kid": kid, **(headers or {})})

    @property
    def service_url(self) -> str:
        """Where the connector is."""
        return f"{self.base}/teams/"

    def application(self) -> web.Application:
        """The stand-ins as one web server."""
        application = web.Application()
        application.router.add_get("/openid", self._openid)
        application.router.add_get("/keys", self._keys)
        application.router.add_post("/token", self._token)
        application.router.add_post("/teams/v3/conversations/{conversation}/activities", self._send)
        application.router.add_post("/teams/v3/conversations/{conversation}/activities/{activity}", self._send)
        application.router.add_put("/teams/v3/conversations/{conversation}/activities/{activity}", self._update)
        application.router.add_get("/teams/v3/conversations/{conversation}/members/{member}", self._member)
        return application

    def put(self, conversation: str, sender: str, text: str, activity: dict[str, Any]) -> Shown:
        """Show a message."""
        shown = Shown(f"{int(time.time() * 1000)}-{next(self._numbers)}", conversation, sender, text, activity)
        self.messages.append(shown)
        self.changed()
        return shown

    def shown_in(self, conversation: str) -> list[Shown]:
        """What a conversation shows, oldest first; replies in a channel stand in it too."""
        return [message for message in self.messages if message.conversation.partition(";")[0] == conversation]

    async def _openid(self, _: web.Request) -> web.Response:
        self.calls.append(("openid", ""))
        if fault := self.faults.take("openid"):
            return await suffer(fault, _)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.base}/keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        self.calls.append(("keys", ""))
        keys = [
            RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig", "endorsements": ["msteams"]}
            for kid, key in self.keys.items()
        ]
        return web.json_response({"keys": keys})

    async def _token(self, request: web.Request) -> web.Response:
        form = dict(await request.post())
        self.calls.append(("token", ""))
        if fault := self.faults.take("token"):
            return await suffer(fault, request)
        if form.get("client_id") != APP_ID or form.get("client_secret") != PASSWORD or form.get("grant_type") != "client_credentials":
            return web.json_response({"error": "invalid_client"}, status=401)
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return web.json_response({"token_type": "Bearer", "expires_in": TOKEN_SECONDS, "access_token": token})

    def _denied(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return problem(401, "Unauthorized")
        if request.match_info["conversation"].partition(";")[0] not in self.conversations:
            return problem(404, "ConversationNotFound")
        return None

    async def _send(self, request: web.Request) -> web.Response:
        return await self._message(request, "send")

    async def _update(self, request: web.Request) -> web.Response:
        return await self._message(request, "update")

    async def _message(self, request: web.Request, method: str) -> web.Response:
        begun = time.perf_counter()
        conversation = request.match_info["conversation"]
        self.calls.append((method, conversation))
        fault = self.faults.take(method)
        if fault and not fault.after:
            return await suffer(fault, request)
        if denied := self._denied(request):
            return denied
        activity = await request.json()
        if wrong := adaptive_cards.faults(activity):
            self.refused.append("; ".join(wrong))
            return problem(413 if "MessageSizeTooBig" in wrong else 400, "; ".join(wrong))
        if method == "update":
            found = next((m for m in self.messages if m.id == request.match_info["activity"] and m.conversation == conversation), None)
            if found is None:
                return problem(404, "ActivityNotFoundInConversation")
            found.activity, found.edited = activity, True
            self.changed()
        else:
            found = self.put(conversation, "bot", "", activity)
        self.log(f"{method} {conversation}", 200, (time.perf_counter() - begun) * 1000)
        return await suffer(fault, request) if fault else web.json_response({"id": found.id})

    async def _member(self, request: web.Request) -> web.Response:
        self.calls.append(("member", request.match_info["member"]))
        if fault := self.faults.take("member"):
            return await suffer(fault, request)
        if denied := self._denied(request):
            return denied
        member = self.members.get(request.match_info["member"])
        return web.json_response(member) if member else problem(404, "MemberNotFoundInConversation")


def problem(status: int, code: str) -> web.Response:
    """An error as the connector sends it."""
    return web.json_response({"error": {"code": code, "message": code}}, status=status)

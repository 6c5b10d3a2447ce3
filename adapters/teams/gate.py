"""Who may speak to /api/messages: a token that the Bot Framework signed for us, from our tenant, over Teams.

Everything that is not right is a Refused 401 or 403; no activity is looked at before its token is.
"""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jwt
from jwt.algorithms import RSAAlgorithm

log = logging.getLogger(__name__)

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
LEEWAY_SECONDS = 300
FETCH_EVERY_SECONDS = 60  # a spray of unknown keys makes no more than this
FRESH_SECONDS = 24 * 3600
FETCH_TIMEOUT = aiohttp.ClientTimeout(total=5)
REMEMBERED = 2000
DEEPEST = 64


class Refused(Exception):
    """The request is not let in; `status` is its answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key and the channels it may sign for."""

    key: Any
    endorsements: frozenset[str]


class SigningKeys:
    """The Bot Framework's keys, fetched when needed and at most once a minute."""

    def __init__(self, session: aiohttp.ClientSession, metadata_url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._session, self._url, self._clock = session, metadata_url, clock
        self._keys: dict[str, SigningKey] = {}
        self._fetched = self._tried = -1e9
        self._fetching: asyncio.Task[None] | None = None

    async def get(self, kid: str) -> SigningKey | None:
        """The key of this id, or None. Known keys keep working while the key server is down."""
        now = self._clock()
        if (kid not in self._keys or now - self._fetched > FRESH_SECONDS) and now - self._tried >= FETCH_EVERY_SECONDS:
            self._tried = now
            self._fetching = asyncio.create_task(self._fetch())
        if kid not in self._keys and self._fetching is not None and not self._fetching.done():
            await asyncio.shield(self._fetching)
        return self._keys.get(kid)

    async def _fetch(self) -> None:
        try:
            document = await self._json(self._url)
            keys = await self._json(str(document["jwks_uri"]))
            found = {
                str(entry["kid"]): SigningKey(RSAAlgorithm.from_jwk(entry), frozenset(entry.get("endorsements") or ()))
                for entry in keys["keys"]
                if entry.get("kty") == "RSA" and entry.get("kid")
            }
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
            log.warning("The Bot Framework's keys cannot be fetched", extra={"action": "teams_keys_unavailable", "error": type(error).__name__})
            return
        if found:
            self._keys, self._fetched = found, self._clock()

    async def _json(self, url: str) -> Any:
        async with self._session.get(url, timeout=FETCH_TIMEOUT, allow_redirects=False) as answer:
            answer.raise_for_status()
            return json.loads(await answer.content.read(1_000_000))


class Gate:
    """Checks tokens and activities for one app in one tenant."""

    def __init__(self, keys: SigningKeys, app_id: str, tenant: str, hosts: frozenset[str], clock: Callable[[], float] = time.time) -> None:
        self._keys, self._app_id, self._tenant, self._hosts, self._clock = keys, app_id, tenant, hosts, clock
        self._verified: dict[bytes, tuple[float, str, Mapping[str, Any]]] = {}

    async def admit(self, authorization: str, body: bytes) -> dict[str, Any]:
        """The activity in this request.

        Errors   Refused 401 for a bad token, 403 for an activity that is not for us, 400 for what is no activity.
        Source   Bot Framework, connector to bot authentication; all seven of its rules, and our tenant.
        """
        claims, key = await self._claims(authorization)
        activity = parsed(body)
        service_url = activity.get("serviceUrl")
        if not isinstance(service_url, str) or same_url(service_url) != same_url(str(claims.get("serviceurl") or claims.get("serviceUrl") or "")):
            raise Refused(403, "the service URL is not the token's")
        if not trusted(service_url, self._hosts):
            raise Refused(403, "the service URL is not one of Microsoft's")
        if activity.get("channelId") != CHANNEL or CHANNEL not in key.endorsements:
            raise Refused(403, "not over Teams")
        check_tenant(activity, self._tenant)
        return activity

    async def _claims(self, authorization: str) -> tuple[Mapping[str, Any], SigningKey]:
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or not token or " " in token or len(token) > 8000:
            raise Refused(401, "no bearer token")
        digest, now = hashlib.sha256(token.encode()).digest(), self._clock()
        if (known := self._verified.get(digest)) and known[0] > now and (key := await self._keys.get(known[1])) is not None:
            return known[2], key
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise Refused(401, "not a token") from None
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            raise Refused(401, "not signed as it should be")
        key = await self._keys.get(kid)
        if key is None:
            raise Refused(401, "signed with an unknown key")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError:
            raise Refused(401, "the token is not good") from None
        if len(self._verified) >= REMEMBERED:
            self._verified.clear()
        self._verified[digest] = (min(float(claims["exp"]), now + 300), kid, claims)
        return claims, key


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, of sane depth.

    Errors   Refused 400 for anything else.
    """
    if body.count(b"{") + body.count(b"[") > 5000:
        raise Refused(400, "nested too deep")
    try:
        activity = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "not JSON") from None
    if not isinstance(activity, dict) or not isinstance(activity.get("type"), str):
        raise Refused(400, "not an activity")
    return activity


def check_tenant(activity: Mapping[str, Any], tenant: str) -> None:
    """Nothing, for an activity of our own tenant.

    Errors   Refused 403 for one of another, or of none.
    """
    data, conversation = activity.get("channelData"), activity.get("conversation")
    named = {
        str(found)
        for found in (
            (data.get("tenant") or {}).get("id") if isinstance(data, dict) and isinstance(data.get("tenant"), dict | None) else None,
            conversation.get("tenantId") if isinstance(conversation, dict) else None,
        )
        if found
    }
    if named != {tenant}:
        raise Refused(403, "not from our tenant")


def same_url(url: str) -> str:
    """A URL in a form that can be compared."""
    return url.rstrip("/").lower()


def trusted(url: str, hosts: frozenset[str]) -> bool:
    """Whether our token may be sent there: https to a known host and nothing clever; loopback hosts may be plain http."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").lower()
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or not host.isascii() or "\\" in url or "@" in url:
        return False
    where = f"{host}:{port}" if port else host
    if where in hosts or host in hosts:
        return (parts.scheme == "https" and port in (None, 443)) or (is_loopback(host) and parts.scheme in ("http", "https"))
    return False


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    return host in ("127.0.0.1", "localhost", "::1")

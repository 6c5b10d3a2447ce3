"""The Bot Connector over aiohttp: one cached token, one shared session, our token only to Microsoft's own hosts."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.teams.gate import trusted

TIMEOUT = aiohttp.ClientTimeout(total=10)
SCOPE = "https://api.botframework.com/.default"
RENEW_BEFORE_SECONDS = 300


class TokenUnavailable(Exception):
    """Microsoft gave us no token."""


class NotTrusted(Exception):
    """The service URL is none of Microsoft's; nothing was sent there."""


class Tokens:
    """Our own token, fetched once for its whole life, by whoever needs it first."""

    def __init__(self, session: aiohttp.ClientSession, url: str, app_id: str, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._session, self._url, self._clock = session, url, clock
        self._form = {"grant_type": "client_credentials", "client_id": app_id, "client_secret": password, "scope": SCOPE}
        self._token, self._good_until = "", 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """A token that is good for some minutes yet.

        Errors   TokenUnavailable.
        """
        if self._clock() < self._good_until:
            return self._token
        async with self._lock:
            if self._clock() < self._good_until:
                return self._token
            try:
                async with self._session.post(self._url, data=self._form, timeout=TIMEOUT, allow_redirects=False) as answer:
                    found = json.loads(await answer.content.read(100_000))
                self._token = str(found["access_token"])
                self._good_until = self._clock() + max(0.0, float(found.get("expires_in", 3600)) - RENEW_BEFORE_SECONDS)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
                raise TokenUnavailable(type(error).__name__) from error
            return self._token

    def forget(self) -> None:
        """Fetch a new token next time: this one was refused."""
        self._good_until = 0.0


class Connector:
    """Calls of the Bot Connector. `tokens` is None only behind the open gate of a local tool."""

    def __init__(
        self, session: aiohttp.ClientSession, tokens: Tokens | None, hosts: frozenset[str], timeout: aiohttp.ClientTimeout = TIMEOUT
    ) -> None:
        self._session, self._tokens, self._hosts, self._timeout = session, tokens, hosts, timeout

    async def call(self, method: str, service_url: str, path: tuple[str, ...], body: str = "") -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON (None where there is none) of a call.

        Errors   NotTrusted, before anything is sent; TokenUnavailable; aiohttp's own.
        """
        if not trusted(service_url, self._hosts):
            raise NotTrusted(service_url[:100])
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self._tokens:
            headers["Authorization"] = f"Bearer {await self._tokens.get()}"
        url = service_url.rstrip("/") + "/v3/" + "/".join(quote(part, safe=":;@=") for part in path)
        async with self._session.request(
            method, URL(url, encoded=True), data=body.encode() or None, headers=headers, timeout=self._timeout, allow_redirects=False
        ) as answer:
            text = (await answer.content.read(2_000_000)).decode("utf-8", "replace")
            if answer.status == 401 and self._tokens:
                self._tokens.forget()
            try:
                found = json.loads(text) if text else None
            except ValueError:
                found = None
            return answer.status, dict(answer.headers), found

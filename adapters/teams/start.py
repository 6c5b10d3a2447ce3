"""Teams, put together from its settings."""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import aiohttp

from adapters.teams.bot import Bot
from adapters.teams.connector import Connector, Tokens
from adapters.teams.directory import LocalDirectory, TeamsDirectory
from adapters.teams.endpoint import make_endpoint
from adapters.teams.gate import Gate, SigningKeys
from adapters.teams.messenger import LIMITS, TeamsMessenger
from adapters.teams.open_gate import admit_locally
from adapters.teams.render import voice
from adapters.web import Platform
from bot.config import TeamsSettings, loopback_url
from bot.delivery.pacing import Limits
from bot.engine.turn import Turn


async def start_teams(
    settings: TeamsSettings, session: aiohttp.ClientSession, respond: Callable[[Turn], Awaitable[str]], clock: Callable[[], datetime]
) -> Platform:
    """Teams, ready to take requests."""
    bot = Bot(settings.tenant, respond, clock)
    if settings.open:
        connector = Connector(session, None, settings.hosts)

        async def admit_tool(headers: Mapping[str, str], remote: str | None, body: bytes) -> dict[str, Any]:
            return admit_locally(headers, remote, body)

        return Platform("teams", LocalDirectory(), TeamsMessenger(connector, Limits()), voice, "/api/messages", make_endpoint(bot, admit_tool))
    tokens = Tokens(session, settings.token_url, settings.app_id, settings.password)
    connector = Connector(session, tokens, settings.hosts)
    gate = Gate(SigningKeys(session, settings.metadata_url), settings.app_id, settings.tenant, settings.hosts, time.time)

    async def admit(headers: Mapping[str, str], _remote: str | None, body: bytes) -> dict[str, Any]:
        return await gate.admit(headers.get("Authorization", ""), body)

    limits = Limits() if loopback_url(settings.token_url) else LIMITS  # a stand-in on this machine has none
    directory = TeamsDirectory(connector, settings.tenant)
    return Platform("teams", directory, TeamsMessenger(connector, limits), voice, "/api/messages", make_endpoint(bot, admit))

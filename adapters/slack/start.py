"""Slack, put together from its settings."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.directory import SlackDirectory, find_home
from adapters.slack.endpoint import make_endpoint
from adapters.slack.listeners import make_app
from adapters.slack.messenger import LIMITS, SlackMessenger, reason_of
from adapters.slack.render import voice
from adapters.web import Platform, PlatformUnavailable
from bot.config import SlackSettings, loopback_url
from bot.delivery.pacing import Limits
from bot.engine.turn import Turn
from bot.policy.model import WhereToAsk

TIMEOUT_SECONDS = 10
RESPONSE_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")


async def start_slack(
    settings: SlackSettings, session: aiohttp.ClientSession, respond: Callable[[Turn], Awaitable[str]], clock: Callable[[], datetime]
) -> Platform:
    """Slack, ready to take requests.

    Errors   PlatformUnavailable when Slack refuses the token or does not answer.
    """
    client = AsyncWebClient(settings.bot_token, base_url=settings.api_url, timeout=TIMEOUT_SECONDS, session=session, retry_handlers=[])
    try:
        home = await find_home(client)
    except SlackApiError as error:
        raise PlatformUnavailable(f"Slack refuses SLACK_BOT_TOKEN ({reason_of(error)}); take it from your app's OAuth page") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise PlatformUnavailable(f"Slack cannot be reached ({type(error).__name__}); check the network") from error
    hosts = frozenset((*RESPONSE_HOSTS, urlsplit(settings.api_url).hostname or ""))
    app = make_app(client, home, respond, clock)
    limits = Limits() if loopback_url(settings.api_url) else LIMITS  # a stand-in on this machine has none
    directory, messenger = SlackDirectory(client, home), SlackMessenger(client, session, hosts, limits)
    if settings.app_token:
        return Platform("slack", directory, messenger, voice, listening=lambda: socket_mode(app, settings.app_token), channel=channel)
    endpoint = make_endpoint(app, settings.signing_secrets, lambda: clock().timestamp())
    return Platform("slack", directory, messenger, voice, "/slack/events", endpoint, channel=channel)


def channel(where: WhereToAsk) -> str:
    """The address of the where-to-ask channel; Slack takes a channel by its name too."""
    return json.dumps({"channel": where.slack}) if where.slack else ""


@asynccontextmanager
async def socket_mode(app: AsyncApp, token: str) -> AsyncIterator[None]:
    """Slack's deliveries over a socket that we open; bolt opens a new one when it breaks."""
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler  # noqa: PLC0415  only who uses it pays for it

    handler = AsyncSocketModeHandler(app, token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]

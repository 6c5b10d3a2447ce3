"""Slack, put together from its settings."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.directory import SlackDirectory, find_home
from adapters.slack.endpoint import make_endpoint
from adapters.slack.listeners import make_app
from adapters.slack.messenger import SlackMessenger, reason_of
from adapters.slack.render import voice
from adapters.web import Platform, PlatformUnavailable
from bot.config import SlackSettings
from bot.engine.turn import Turn

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
    endpoint = make_endpoint(make_app(client, home, respond, clock), settings.signing_secrets, lambda: clock().timestamp())
    return Platform("slack", SlackDirectory(client, home), SlackMessenger(client, session, hosts), voice, "/slack/events", endpoint)

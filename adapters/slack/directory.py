"""Who a Slack user is: a member of our workspace, a guest, a stranger from another one, or a bot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.messenger import reason_of
from bot.engine.ports import Account, DirectoryUnavailable, Standing


@dataclass(frozen=True, slots=True)
class Home:
    """Our own workspace (and Grid organization), as auth.test told it."""

    team: str
    enterprise: str
    bot_user: str
    bot: str


async def find_home(client: AsyncWebClient) -> Home:
    """Our own workspace; Slack's error where the token is not good."""
    answer = await client.auth_test()
    return Home(str(answer["team_id"]), str(answer.get("enterprise_id") or ""), str(answer["user_id"]), str(answer.get("bot_id") or ""))


class SlackDirectory:
    """Implements `bot.engine.ports.Directory` with users.info."""

    def __init__(self, client: AsyncWebClient, home: Home) -> None:
        self._client, self._home = client, home

    async def look_up(self, account: Account, hints: Mapping[str, str]) -> Account:
        """The account as Slack knows it now.

        Errors   DirectoryUnavailable when Slack does not answer.
        """
        user = account.id.rsplit(":", 1)[1]
        if self._foreign(hints.get("home", "")) and not self._home.enterprise:
            return replace(account, standing=Standing.STRANGER)
        try:
            answer = await self._client.users_info(user=user)
        except SlackApiError as error:
            if reason_of(error) in ("user_not_found", "user_not_visible"):
                return replace(account, standing=Standing.STRANGER)
            raise DirectoryUnavailable from error
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise DirectoryUnavailable from error
        found: dict[str, Any] = answer.get("user") or {}
        profile: dict[str, Any] = found.get("profile") or {}
        name = str(profile.get("real_name") or found.get("real_name") or found.get("name") or "")
        return replace(account, standing=self._standing(found), email=str(profile.get("email") or "").lower(), name=name)

    def _standing(self, found: Mapping[str, Any]) -> Standing:
        if found.get("deleted"):
            return Standing.LEFT
        if found.get("is_bot") or found.get("id") in ("USLACKBOT", self._home.bot_user):
            return Standing.BOT
        team = str(found.get("team_id") or "")
        grid = str((found.get("enterprise_user") or {}).get("enterprise_id") or "")
        if found.get("is_stranger") or (self._foreign(team) and not (self._home.enterprise and grid == self._home.enterprise)):
            return Standing.STRANGER
        if found.get("is_restricted") or found.get("is_ultra_restricted"):
            return Standing.GUEST
        return Standing.MEMBER

    def _foreign(self, team: str) -> bool:
        return team not in ("", self._home.team, self._home.enterprise or self._home.team)

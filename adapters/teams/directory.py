"""Who a Teams user is: a member of our tenant, a guest, a stranger, or a bot."""

import json
from collections.abc import Mapping
from dataclasses import replace

import aiohttp

from adapters.teams.connector import Connector, NotTrusted, TokenUnavailable
from bot.engine.ports import Account, DirectoryUnavailable, Standing


class TeamsDirectory:
    """Implements `bot.engine.ports.Directory` with the conversation's member list."""

    def __init__(self, connector: Connector, tenant: str) -> None:
        self._connector, self._tenant = connector, tenant

    async def look_up(self, account: Account, hints: Mapping[str, str]) -> Account:
        """The account as Teams knows it now.

        Errors   DirectoryUnavailable when Teams does not answer.
        """
        member = hints.get("member", "")
        if member.startswith("28:"):
            return replace(account, standing=Standing.BOT)
        where = json.loads(hints["conversation"])
        try:
            status, _, found = await self._connector.call("GET", where["service_url"], ("conversations", where["conversation"], "members", member))
        except (aiohttp.ClientError, TimeoutError, OSError, TokenUnavailable, NotTrusted) as error:
            raise DirectoryUnavailable from error
        if status == 404:
            return replace(account, standing=Standing.STRANGER)
        if status >= 300 or not isinstance(found, dict):
            raise DirectoryUnavailable(str(status))
        principal = str(found.get("userPrincipalName") or "")
        role, tenant = str(found.get("userRole") or "user").lower(), str(found.get("tenantId") or self._tenant)
        standing = Standing.MEMBER
        if tenant != self._tenant:
            standing = Standing.STRANGER
        elif role in ("guest", "anonymous") or "#ext#" in principal.lower():
            standing = Standing.GUEST
        return replace(
            account,
            standing=standing,
            email=str(found.get("email") or principal).lower(),
            name=str(found.get("name") or hints.get("name", "")),
        )


class LocalDirectory:
    """Behind the open gate of a local tool everybody is a member; the tool's people exist nowhere else."""

    async def look_up(self, account: Account, hints: Mapping[str, str]) -> Account:
        """The account as the tool names it."""
        return replace(account, standing=Standing.MEMBER, name=hints.get("name", ""))

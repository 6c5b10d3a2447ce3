"""Both platforms' stand-ins, running in a thread of their own, and the settings that lead a bot to them.

Their own thread, so that a call of ours that blocks shows as a time-out instead of stopping both sides.
"""

import asyncio
import secrets
import threading
from collections.abc import Coroutine
from typing import Any, Self

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.playground.bot_connector import PASSWORD, BotConnector
from adapters.playground.people import APP_ID, TENANT
from adapters.playground.slack_api import TOKEN, SlackApi
from bot.config import SlackSettings, TeamsSettings


class StandIns:
    """Slack's Web API and the Bot Connector on loopback ports; use as a context manager."""

    def __init__(self, signing_key: rsa.RSAPrivateKey | None = None) -> None:
        self.slack = SlackApi()
        self.teams = BotConnector(keys={secrets.token_hex(8): signing_key} if signing_key else {})
        self.secret = secrets.token_hex(16)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stand-ins", daemon=True)
        self._runners: list[web.AppRunner] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _open(self) -> None:
        for stand_in in (self.slack, self.teams):
            runner = web.AppRunner(stand_in.application(), access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            stand_in.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
            self._runners.append(runner)

    async def _close(self) -> None:
        for runner in self._runners:
            await runner.cleanup()
        hanging = asyncio.all_tasks() - {asyncio.current_task()}  # answers that a test asked to hang
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)

    def slack_settings(self) -> SlackSettings:
        """Settings of a Slack app that lives here."""
        return SlackSettings(TOKEN, (self.secret,), "", f"{self.slack.base}/api/")

    def teams_settings(self) -> TeamsSettings:
        """Settings of a Teams bot that lives here."""
        base = self.teams.base
        return TeamsSettings(APP_ID, PASSWORD, TENANT, f"{base}/openid", f"{base}/token", frozenset((base.removeprefix("http://"),)))

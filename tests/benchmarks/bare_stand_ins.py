"""Stand-ins that only answer: for load, where the strict ones would be what is measured."""

import itertools
from typing import Any

from aiohttp import web

from adapters.playground.stand_ins import StandIns


class BareStandIns(StandIns):
    """Signed and addressed like the strict ones; posts are counted, not checked and not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.posts = 0
        numbers = itertools.count(1)
        slack_call = self.slack._call

        async def call(request: web.Request) -> web.Response:
            method = request.match_info["method"]
            if method not in ("chat.postMessage", "chat.update"):
                return await slack_call(request)
            await request.read()
            self.posts += method == "chat.postMessage"
            return web.json_response({"ok": True, "channel": "D0ANN", "ts": f"1700000000.{next(numbers):06d}"})

        async def send(request: web.Request) -> web.Response:
            await request.read()
            self.posts += 1
            return web.json_response({"id": str(next(numbers))})

        slack: Any = self.slack
        teams: Any = self.teams
        slack._call, teams._send = call, send

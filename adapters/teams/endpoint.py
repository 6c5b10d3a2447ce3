"""POST /api/messages: gate, then the SDK's handler."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from botbuilder.core import TurnContext

from adapters.teams.bot import Bot, SilentAdapter, status_and_body
from adapters.teams.gate import Refused
from adapters.teams.inbound import to_activity
from bot.engine.turn import NotSavedInTime

log = logging.getLogger(__name__)

Admit = Callable[[Mapping[str, str], str | None, bytes], Awaitable[dict[str, Any]]]


def make_endpoint(bot: Bot, admit: Admit) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The aiohttp handler of everything Teams sends."""
    adapter = SilentAdapter()

    async def endpoint(request: web.Request) -> web.Response:
        body = await request.read()
        try:
            found = await admit(request.headers, request.remote, body)
        except Refused as refused:
            return web.Response(status=refused.status)
        context = TurnContext(adapter, to_activity(found))
        try:
            await bot.on_turn(context)
        except NotSavedInTime:
            return web.Response(status=503)  # nothing was changed; Teams may bring it again
        status, answer = status_and_body(context.turn_state.get(SilentAdapter.INVOKE))
        return web.Response(status=status, text=answer, content_type="application/json") if answer else web.Response(status=status)

    return endpoint

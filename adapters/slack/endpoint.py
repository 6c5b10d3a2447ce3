"""POST /slack/events: gate, then bolt."""

import json
import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.gate import Refused, is_empty_press, parsed, verify


def make_endpoint(
    app: AsyncApp, secrets: tuple[str, ...], clock: Callable[[], float] = time.time
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The aiohttp handler of everything Slack sends."""

    async def endpoint(request: web.Request) -> web.Response:
        body = await request.read()
        try:
            verify(secrets, request.headers, body, clock())
            payload = parsed(request.content_type, body)
        except Refused as refused:
            return web.Response(status=refused.status)
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge", ""))})
        if is_empty_press(payload):
            return web.Response()
        raw = body.decode("utf-8")
        # Verified and parsed already: bolt takes the payload as it takes those of Socket Mode.
        bolt_request = AsyncBoltRequest(body=payload, mode="socket_mode", context={"raw": raw})
        try:
            answer = await app.async_dispatch(bolt_request)
        except (KeyError, IndexError, TypeError, AttributeError):
            if bolt_request.context.get("reached"):
                raise
            return web.Response()  # a payload that bolt itself cannot place: nobody listens for it
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        return web.Response(status=answer.status, text=text, content_type="application/json" if text.startswith("{") else "text/plain")

    return endpoint

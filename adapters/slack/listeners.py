"""Bolt's listeners: each makes one turn, waits until it is committed, and acknowledges.

Bolt runs them before it answers (`process_before_response`), so a 200 means that everything is durable. What nobody
listens for is acknowledged too: Slack switches an app off that answers 404 for long.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.directory import Home
from adapters.slack.inbound import action_turn, command_turn, event_turn, view_turn
from bot.engine.turn import NotSavedInTime, Turn

log = logging.getLogger(__name__)
ANYTHING = re.compile(r".*", re.S)
NOT_SAVED = "That was not saved. Please try again."
EVENTS = ("message", "app_mention", "app_home_opened")

Respond = Callable[[Turn], Awaitable[str]]


def make_app(client: AsyncWebClient, home: Home, respond: Respond, now: Callable[[], datetime]) -> AsyncApp:
    """The bolt app. Signatures are checked by gate.py before a request comes here."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=home.enterprise or None,
            team_id=home.team,
            bot_user_id=home.bot_user,
            bot_id=home.bot or None,
            bot_token=client.token,
        )

    app = AsyncApp(
        client=client,
        authorize=authorize,
        signing_secret="checked by gate.py",  # noqa: S106
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    listen(app, home, respond, now)
    return app


def listen(app: AsyncApp, home: Home, respond: Respond, now: Callable[[], datetime]) -> None:
    """Register every listener."""

    async def on_command(ack: AsyncAck, command: dict[str, Any], context: dict[str, Any]) -> BoltResponse | None:
        context["reached"] = True
        turn = command_turn(command, raw_of(context, command), now())
        if turn is None or not ours(home, turn):
            await ack()
            return None
        try:
            reply = await respond(turn)
        except NotSavedInTime:
            await ack(text=NOT_SAVED, response_type="ephemeral")
            return None
        if reply.startswith('{"open"'):
            await open_modal(app.client, reply, str(command.get("trigger_id") or ""))
            return BoltResponse(status=200, body="")
        return BoltResponse(status=200, body=reply, headers={"content-type": "application/json"})

    async def on_event(body: dict[str, Any], context: dict[str, Any]) -> BoltResponse | None:
        context["reached"] = True
        turn = event_turn(body, now())
        if turn is not None and ours(home, turn):
            try:
                await respond(turn)
            except NotSavedInTime:
                return BoltResponse(status=503, body="not saved")  # Slack brings it again
        return None

    async def on_action(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient) -> None:
        context["reached"] = True
        turn = action_turn(body, raw_of(context, body), now())
        if turn is not None and ours(home, turn):
            try:
                reply = await respond(turn)
            except NotSavedInTime:
                await ack()
                channel = (body.get("channel") or {}).get("id") or body["user"]["id"]
                await client.chat_postEphemeral(channel=channel, user=body["user"]["id"], text=NOT_SAVED)
                return
            if reply:
                await open_modal(client, reply, str(body.get("trigger_id") or ""))
        await ack()

    async def on_view(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> BoltResponse | None:
        context["reached"] = True
        turn = view_turn(body, raw_of(context, body), now())
        if turn is None or not ours(home, turn):
            await ack()
            return None
        try:
            reply = await respond(turn)
        except NotSavedInTime:
            # The modal stays open with all that was typed; pressing its button again is all it takes.
            first = next(iter(body["view"]["state"]["values"]), "")
            reply = json.dumps({"response_action": "errors", "errors": {first: NOT_SAVED}})
        return BoltResponse(status=200, body=reply, headers={"content-type": "application/json"})

    async def on_anything(ack: AsyncAck) -> None:
        log.info("Acknowledged something nobody listens for", extra={"action": "slack_unknown"})
        await ack()

    async def on_error(error: Exception, context: dict[str, Any]) -> BoltResponse:
        if context.get("reached"):  # a fault of ours: Slack brings events again
            log.error("A listener failed", extra={"action": "slack_listener_failed", "error": type(error).__name__})
            return BoltResponse(status=500)
        return BoltResponse(status=200)  # a payload that bolt itself cannot place: nobody listens for it

    app.error(on_error)
    app.command(ANYTHING)(on_command)
    for event in EVENTS:
        app.event(event)(on_event)
    app.action(ANYTHING)(on_action)
    app.event(ANYTHING)(on_anything)
    app.shortcut(ANYTHING)(on_anything)
    app.view(ANYTHING)(on_view)
    app.view_closed(ANYTHING)(on_anything)
    app.options(ANYTHING)(on_anything)


async def open_modal(client: AsyncWebClient, reply: str, trigger: str) -> None:
    """Open the modal of a reply. Where Slack takes too long for the trigger, the button is still there to be pressed again."""
    try:
        await client.views_open(trigger_id=trigger, view=json.loads(reply)["open"])
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        log.warning("A modal could not be opened", extra={"action": "modal_not_opened", "error": type(error).__name__})


def raw_of(context: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
    """The bytes that a delivery is told by: its own over HTTP, the payload's over Socket Mode."""
    return str(context.get("raw") or json.dumps(payload, sort_keys=True))


def ours(home: Home, turn: Turn) -> bool:
    """Whether the turn comes from our own workspace or organization; others are acknowledged and have no effect."""
    team = turn.hints.get("team", "")
    return team == home.team or bool(home.enterprise and home.enterprise in (turn.hints.get("enterprise", ""), team))

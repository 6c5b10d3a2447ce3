"""The bot as the SDK sees it: activities in, turns to the core, invoke responses out."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from botbuilder.core import BotAdapter, InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity, ConversationReference, ResourceResponse

from adapters.teams.inbound import filled, is_personal, pressed, said, turn_of
from adapters.teams.render import closing, line
from bot.engine.turn import Arrived, NotSavedInTime, Opens, Said, Turn

NOT_SAVED = "That was not saved. Please try again."


class SilentAdapter(BotAdapter):  # type: ignore[misc]  # the SDK has no types
    """The SDK's adapter without a network: everything the bot says leaves through the outbox."""

    async def send_activities(self, context: TurnContext, activities: Sequence[Activity]) -> list[ResourceResponse]:
        """Keep the invoke response for the endpoint; nothing else is sent in a turn."""
        for activity in activities:
            if activity.type == "invokeResponse":
                context.turn_state[self.INVOKE] = activity.value
        return [ResourceResponse(id="") for _ in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        """Cards are replaced through the outbox."""
        raise AssertionError("cards are replaced through the outbox")

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """Nothing is ever deleted."""
        raise AssertionError("nothing is ever deleted")

    INVOKE = "MayI.invoke_response"


class Bot(TeamsActivityHandler):  # type: ignore[misc]  # the SDK has no types
    """Makes one turn of each activity that means something, and lets the others pass."""

    def __init__(self, tenant: str, respond: Callable[[Turn], Awaitable[str]], now: Callable[[], datetime]) -> None:
        self._tenant, self._respond, self._now = tenant, respond, now

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Words, or a button of Action.Submit."""
        activity = turn_context.activity
        await self._run(turn_of(activity, self._tenant, self._now(), pressed(activity.value) or Said(said(activity))))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        """A button of Action.Execute; everything else is answered politely with nothing."""
        activity = turn_context.activity
        if activity.name in ("task/fetch", "task/submit"):
            return await self._dialog(activity)
        press = pressed(activity.value) if activity.name == "adaptiveCard/action" else None
        automatic = isinstance(activity.value, dict) and activity.value.get("trigger") == "automatic"
        turn = turn_of(activity, self._tenant, self._now(), press, in_turn=True) if press and not automatic else None
        if turn is None:
            return InvokeResponse(status=HTTPStatus.OK, body=line(""))
        try:
            return InvokeResponse(status=HTTPStatus.OK, body=await self._respond(turn))
        except NotSavedInTime:
            return InvokeResponse(status=HTTPStatus.OK, body=line(NOT_SAVED))

    async def _dialog(self, activity: Activity) -> InvokeResponse:
        """A dialog that is opened, or was sent off."""
        sent = activity.name == "task/submit"
        value = activity.value if isinstance(activity.value, dict) else {}
        what = filled(value) if sent else pressed(value.get("data"))
        opens = Opens.SENT if sent else Opens.MAY_OPEN
        turn = turn_of(activity, self._tenant, self._now(), what, in_turn=True, dialog=opens) if what else None
        if turn is None:
            return InvokeResponse(status=HTTPStatus.OK, body=closing(""))
        try:
            return InvokeResponse(status=HTTPStatus.OK, body=await self._respond(turn) or closing(""))
        except NotSavedInTime:
            return InvokeResponse(status=HTTPStatus.OK, body=closing(NOT_SAVED))

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """Somebody joined: a welcome where it is the bot itself, in the chat with one person."""
        activity = turn_context.activity
        if is_personal(activity) and any(member.id == activity.recipient.id for member in activity.members_added):
            await self._run(turn_of(activity, self._tenant, self._now(), Arrived()))

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        """The app was installed: a welcome where it was installed for a person."""
        if is_personal(turn_context.activity):
            await self._run(turn_of(turn_context.activity, self._tenant, self._now(), Arrived()))

    async def _run(self, turn: Turn | None) -> None:
        if turn is not None:
            await self._respond(turn)


def status_and_body(response: Any) -> tuple[int, str]:
    """An invoke response as HTTP; its body is JSON already."""
    if isinstance(response, InvokeResponse):
        return int(response.status), str(response.body or "")
    return HTTPStatus.OK, ""

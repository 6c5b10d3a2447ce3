"""Activities → turns. Pure: an activity goes in, a Turn or None (nothing for us) comes out."""

import hashlib
import html
import json
import re
from datetime import datetime
from typing import Any

from botbuilder.schema import Activity, ChannelAccount, ConversationAccount

from bot.engine.turn import Arrived, Filled, Opens, Place, Pressed, Said, Turn

PLATFORM = "teams"
AT = re.compile(r"<at[^<>]{0,200}>([^<>]{0,200})</at>", re.I)
TAG = re.compile(r"</?(?:p|div|span|b|i|em|strong|br|code|pre|blockquote)[^<>]{0,200}>", re.I)

Json = dict[str, Any]


def to_activity(found: Json) -> Activity:
    """The SDK's Activity of a verified JSON activity.

    Built by hand: the SDK's own deserializer takes longer than everything else in a turn and refuses what it does not know.
    """

    def texts(key: str) -> Json:
        value = found.get(key)
        return value if isinstance(value, dict) else {}

    def account(key: str) -> ChannelAccount:
        value = texts(key)
        return ChannelAccount(id=text(value, "id"), name=text(value, "name"), aad_object_id=text(value, "aadObjectId"), role=text(value, "role"))

    conversation = texts("conversation")
    return Activity(
        type=text(found, "type"),
        id=text(found, "id"),
        name=text(found, "name"),
        action=text(found, "action"),
        channel_id=text(found, "channelId"),
        service_url=text(found, "serviceUrl"),
        text=text(found, "text"),
        value=found.get("value"),
        from_property=account("from"),
        recipient=account("recipient"),
        conversation=ConversationAccount(
            id=text(conversation, "id"),
            conversation_type=text(conversation, "conversationType"),
            tenant_id=text(conversation, "tenantId"),
            is_group=bool(conversation.get("isGroup")),
        ),
        channel_data=found.get("channelData"),
        reply_to_id=text(found, "replyToId"),
        members_added=[ChannelAccount(id=text(member, "id")) for member in items(found, "membersAdded")],
        members_removed=[ChannelAccount(id=text(member, "id")) for member in items(found, "membersRemoved")],
    )


def text(found: Json, key: str) -> str:
    """A text of an activity; "" for anything else."""
    value = found.get(key)
    return value if isinstance(value, str) else ""


def items(found: Json, key: str) -> list[Json]:
    """The objects of a list in an activity."""
    value = found.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def account_id(tenant: str, user: str) -> str:
    """The id of a Teams account."""
    return f"{PLATFORM}:{tenant}:{user}"


def conversation_address(activity: Activity) -> str:
    """Where an answer to this activity is posted."""
    return json.dumps({"service_url": activity.service_url, "conversation": activity.conversation.id})


def is_personal(activity: Activity) -> bool:
    """Whether this is the chat with one person."""
    return activity.conversation.conversation_type in ("personal", "", None) and not activity.conversation.is_group


def said(activity: Activity) -> str:
    """The words of a message: without mentions of the bot, marks and entities."""
    recipient = (activity.recipient.name or "").casefold()
    written = AT.sub(lambda match: " " if match[1].casefold() in (recipient, "may i", "") else match[1], activity.text or "")
    return html.unescape(TAG.sub(" ", written)).replace("\xa0", " ").strip()


def turn_of(
    activity: Activity, tenant: str, at: datetime, what: Said | Pressed | Filled | Arrived, *, in_turn: bool = False, dialog: Opens = Opens.NOTHING
) -> Turn | None:
    """The turn of an activity; None where nobody did it."""
    user = activity.from_property.aad_object_id or activity.from_property.id
    if not user or not activity.conversation.id:
        return None
    personal = is_personal(activity)
    address = conversation_address(activity)
    hints = {"member": activity.from_property.id, "name": activity.from_property.name or "", "conversation": address}
    if personal:
        hints["address"] = address
    # An installation is told twice, as itself and as a change of the conversation: one welcome for both.
    delivery = "arrived" if isinstance(what, Arrived) else f"{activity.id}\0{activity.type}"
    key = "teams:" + hashlib.sha256(f"{activity.conversation.id}\0{delivery}".encode()).hexdigest()
    place = Place(
        f"{PLATFORM}:{activity.conversation.id}:{user}"[:400], address, in_turn=in_turn, public=not personal, direct=personal, dialog=dialog
    )
    return Turn(key, at, PLATFORM, account_id(tenant, user), what, place, hints)


def pressed(value: object) -> Pressed | None:
    """A pressed button: `value` of an invoke (Action.Execute) or of a message (Action.Submit)."""
    if not isinstance(value, dict):
        return None
    action = value.get("action")
    data = action.get("data") if isinstance(action, dict) else value
    if not isinstance(data, dict) or not isinstance(data.get("action"), str):
        return None
    picked = {str(key): str(found) for key, found in data.items() if key not in ("action", "ref", "msteams") and isinstance(found, str)}
    return Pressed(data["action"], str(data.get("ref") or ""), picked)


def filled(value: object) -> Filled | None:
    """A dialog that was sent off: `value` of task/submit. Several options of one input come with commas between them."""
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("ref"), str):
        return None
    several = frozenset(str(data.get("several") or "").split(","))
    values: dict[str, tuple[str, ...]] = {}
    for key, found in data.items():
        if key not in ("action", "ref", "several", "msteams") and isinstance(found, str):
            parts = found.split(",") if key in several else [found]
            values[str(key)] = tuple(part for part in parts if part)
    for name in str(data.get("asked") or "").split(","):  # Teams leaves out what was left empty
        if name:
            values.setdefault(name, ())
    values.pop("asked", None)
    return Filled(data["ref"], values)

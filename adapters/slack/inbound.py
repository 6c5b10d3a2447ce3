"""Slack's payloads → turns. Pure: a payload goes in, a Turn or None (nothing for us) comes out."""

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.engine.turn import Filled, Looked, Opens, Place, Pressed, Said, Turn

PLATFORM = "slack"
REQUEST_COMMAND = "/ai-request"
RESPONSE_URL_LIFE = timedelta(minutes=29)  # Slack says thirty
# <@U123>, <#C123|name>, <https://…|label>, <!subteam^S1|@team>: bounded, so linear.
MARK = re.compile(r"<([@#!]?)([^<>|]{1,2000})(?:\|([^<>|]{0,2000}))?>")

Payload = Mapping[str, Any]


def account_id(team: str, user: str) -> str:
    """The id of a Slack account."""
    return f"{PLATFORM}:{team}:{user}"


def plain_text(text: str) -> str:
    """A message as its writer saw it: labels instead of links, no mention of the bot, entities undone."""

    def shown(match: re.Match[str]) -> str:
        sigil, target, label = match.groups()
        if sigil:
            return (label or "") if sigil != "@" else " "
        return label or target.removeprefix("mailto:")

    return html.unescape(MARK.sub(shown, text)).strip()


def body_key(raw: str) -> str:
    """The key of a delivery that Slack never repeats by itself: its own bytes."""
    return "slack:" + hashlib.sha256(raw.encode()).hexdigest()


def hints_of(team: str, payload: Payload) -> dict[str, str]:
    """What the payload says of where the person is at home."""
    found = {"team": team, "enterprise": str(payload.get("enterprise_id") or "")}
    if isinstance(home := payload.get("user_team") or payload.get("source_team"), str):
        found["home"] = home
    return found


def interaction_hints(team: str, user: str, payload: Payload) -> dict[str, str]:
    """The same of a press or a modal, whose payload is shaped otherwise."""
    enterprise, who = payload.get("enterprise") or {}, payload.get("user") or {}
    return {"team": team, "enterprise": str(enterprise.get("id") or ""), "home": str(who.get("team_id") or ""), "address": dm_address(user)}


def command_turn(form: Payload, raw: str, at: datetime) -> Turn | None:
    """`/ai …`: answered in the response itself, seen by nobody else."""
    team, user, channel = (str(form.get(key, "")) for key in ("team_id", "user_id", "channel_id"))
    if not (team and user):
        return None
    url = str(form.get("response_url", ""))
    asks = str(form.get("command", "")) == REQUEST_COMMAND
    opens = Opens.MAY_OPEN if asks and form.get("trigger_id") else Opens.NOTHING
    share = url_address(url, user, "share") if url else ""
    place = Place(f"slack:{channel}:{user}", in_turn=True, share=share, dialog=opens, expires_at=at + RESPONSE_URL_LIFE)
    hints = hints_of(team, form) | {"address": dm_address(user)}
    text = html.unescape(str(form.get("text", "")))
    return Turn(body_key(raw), at, PLATFORM, account_id(team, user), Said(f"request {text}".strip() if asks else text), place, hints)


def event_turn(envelope: Payload, at: datetime) -> Turn | None:
    """A direct message, or a mention in a channel (answered in its thread)."""
    event = envelope.get("event")
    if not isinstance(event, dict) or event.get("bot_id") or (event.get("app_id") and not event.get("client_msg_id")):
        return None
    user, channel, text = (event.get(key) for key in ("user", "channel", "text"))
    if event.get("type") == "app_home_opened":
        text = ""  # it has none
    if not all(isinstance(value, str) and value for value in (user, channel)) or not isinstance(text, str):
        return None
    team = str(envelope.get("team_id") or "")
    key = f"slack:{envelope.get('event_id')}"
    hints = hints_of(team, event) | {"enterprise": str(envelope.get("enterprise_id") or ""), "address": dm_address(str(user))}
    said = Said(plain_text(text))
    if event.get("type") == "app_home_opened":
        if event.get("tab") != "home":
            return None
        return Turn(key, at, PLATFORM, account_id(team, str(user)), Looked(), Place(f"slack:{user}", home_address(str(user))), hints)
    match event.get("type"), event.get("channel_type"), event.get("subtype"):
        case "message", "im", None | "file_share":
            place = Place(f"slack:{channel}:{user}", address=json.dumps({"channel": channel}), direct=True)
        case "app_mention", _, None:
            thread = str(event.get("thread_ts") or event.get("ts") or "")
            place = Place(f"slack:{channel}:{thread}:{user}", address=json.dumps({"channel": channel, "thread_ts": thread}), public=True)
        case _:
            return None
    return Turn(key, at, PLATFORM, account_id(team, str(user)), said, place, hints)


def action_turn(payload: Payload, raw: str, at: datetime) -> Turn | None:
    """A pressed button. In an ephemeral message the answer takes the message's place."""
    user = payload.get("user") or {}
    team = str((payload.get("team") or {}).get("id") or user.get("team_id") or "")
    id = str(user.get("id") or "")
    actions = payload.get("actions")
    if not (team and id and isinstance(actions, list) and actions and isinstance(actions[0], dict)) or actions[0].get("type") != "button":
        return None
    action, _, _ = str(actions[0].get("action_id", "")).partition(":")
    container = payload.get("container") or {}
    channel = str((payload.get("channel") or {}).get("id") or container.get("channel_id") or "")
    url = str(payload.get("response_url") or "")
    message = payload.get("message") or {}
    thread = str(message.get("thread_ts") or container.get("thread_ts") or "")
    if container.get("is_ephemeral"):
        place = Place(
            f"slack:{channel}:{id}",
            url_address(url, id, "beside"),
            replace=url_address(url, id, "replace"),
            share=url_address(url, id, "share"),
            expires_at=at + RESPONSE_URL_LIFE,
        )
    elif not channel:  # a button of the home page
        place = Place(f"slack:{id}", dm_address(id), direct=True)
    elif thread:
        place = Place(f"slack:{channel}:{thread}:{id}", json.dumps({"channel": channel, "thread_ts": thread}), public=True)
    else:
        place = Place(f"slack:{channel}:{id}", json.dumps({"channel": channel}), direct=channel.startswith("D"))
    if payload.get("trigger_id"):
        place = replace(place, in_turn=True, dialog=Opens.MAY_OPEN)
    pressed = Pressed(action, str(actions[0].get("value") or ""), picked(payload))
    return Turn(body_key(raw), at, PLATFORM, account_id(team, id), pressed, place, interaction_hints(team, id, payload))


def view_turn(payload: Payload, raw: str, at: datetime) -> Turn | None:
    """A modal that was sent off."""
    view, user = payload.get("view"), payload.get("user") or {}
    team = str((payload.get("team") or {}).get("id") or user.get("team_id") or "")
    id = str(user.get("id") or "")
    if not (team and id and isinstance(view, dict)) or view.get("type") != "modal":
        return None
    inputs = (view.get("state") or {}).get("values")
    values: dict[str, tuple[str, ...]] = {}
    for block, elements in inputs.items() if isinstance(inputs, dict) else ():
        for element in elements.values() if isinstance(elements, dict) else ():
            values[str(block)] = held(element)
    # A repeated press of Submit is the same view with the same contents; Slack gives each opened view its own id.
    place = Place(f"slack:{id}", dm_address(id), in_turn=True, direct=True, dialog=Opens.SENT)
    filled = Filled(str(view.get("private_metadata") or ""), values)
    return Turn(body_key(raw), at, PLATFORM, account_id(team, id), filled, place, interaction_hints(team, id, payload))


def held(element: object) -> tuple[str, ...]:
    """What an input holds: options, a date, or words."""
    if not isinstance(element, dict):
        return ()
    if isinstance(option := element.get("selected_option"), dict):
        return (str(option.get("value", "")),)
    if isinstance(options := element.get("selected_options"), list):
        return tuple(str(option.get("value", "")) for option in options if isinstance(option, dict))
    value = element.get("selected_date") or element.get("value")
    return (value,) if isinstance(value, str) and value else ()


def picked(payload: Payload) -> dict[str, str]:
    """What the menus of a message hold, by their names; several options of one menu with commas between them."""
    values = (payload.get("state") or {}).get("values") or {}
    found: dict[str, str] = {}
    for block in values.values() if isinstance(values, dict) else ():
        for name, element in block.items() if isinstance(block, dict) else ():
            if chosen := held(element):
                found[str(name).partition(":")[0]] = ",".join(chosen)
    return found


def dm_address(user: str) -> str:
    """Where a person is reached in private."""
    return json.dumps({"channel": user})


def home_address(user: str) -> str:
    """A person's home page."""
    return json.dumps({"home": user})


def url_address(url: str, user: str, how: str) -> str:
    """A response_url as an address: `replace` the message that was pressed, post `beside` it, or `share` to the channel."""
    return json.dumps({"response_url": url, "user": user, "how": how})

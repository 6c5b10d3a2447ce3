"""Socket Mode: the same listeners behind a socket that we open (SLACK_APP_TOKEN)."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.playground.people import SLACK_TEAM
from adapters.playground.slack_api import APP_TOKEN
from adapters.playground.stand_ins import StandIns
from bot.wiring import Bot, build, serving
from tests.conftest import settings_for
from tests.harness import ANN, settled


@pytest.fixture
async def listening(stand_ins: StandIns, sqlite_url: str) -> AsyncIterator[Bot]:
    """A bot on Slack by Socket Mode alone."""
    settings = settings_for(stand_ins, sqlite_url)
    assert settings.slack is not None
    slack = replace(settings.slack, signing_secrets=(), app_token=APP_TOKEN)
    async with build(replace(settings, slack=slack, teams=None)) as bot, serving(bot, "127.0.0.1", 0):
        yield bot


async def delivered(stand_ins: StandIns, bot: Bot, envelope: dict[str, Any]) -> dict[str, Any]:
    """Send an envelope; what the bot acknowledged it with."""
    before = len(stand_ins.slack.acknowledged)
    stand_ins.slack.envelopes.append(envelope)
    for _ in range(200):
        if len(stand_ins.slack.acknowledged) > before:
            break
        await asyncio.sleep(0.02)
    await settled(bot)
    return stand_ins.slack.acknowledged[before]


async def test_a_command_is_answered_in_the_acknowledgment(listening: Bot, stand_ins: StandIns) -> None:
    """The private answer travels back over the socket; a repeat gets the same one."""
    command = {
        "command": "/ai",
        "text": "can I put customer emails into ChatGPT?",
        "team_id": SLACK_TEAM,
        "user_id": ANN.slack,
        "channel_id": "C0GENERAL",
    }

    first = await delivered(
        stand_ins, listening, {"type": "slash_commands", "envelope_id": "e1", "payload": command, "accepts_response_payload": True}
    )
    again = await delivered(
        stand_ins, listening, {"type": "slash_commands", "envelope_id": "e2", "payload": command, "accepts_response_payload": True}
    )

    assert (first["envelope_id"], again["envelope_id"]) == ("e1", "e2")
    assert first["payload"]["text"].startswith("No")
    assert json.dumps(first["payload"]) == json.dumps(again["payload"])


async def test_a_direct_message_is_answered_once(listening: Bot, stand_ins: StandIns) -> None:
    """S12 over the socket: the same event twice, one answer."""
    event = {"type": "message", "channel_type": "im", "channel": ANN.direct, "user": ANN.slack, "text": "is Gamma approved?", "ts": "1.1"}
    payload = {"type": "event_callback", "team_id": SLACK_TEAM, "event_id": "Ev1", "event": event, "authorizations": []}
    for number in range(2):
        await delivered(
            stand_ins, listening, {"type": "events_api", "envelope_id": f"e{number}", "payload": payload, "accepts_response_payload": False}
        )

    answers = [message for message in stand_ins.slack.messages if message.blocks]
    assert [message.text.split("\n")[0] for message in answers] == ["Gamma is Under Evaluation (active)."]

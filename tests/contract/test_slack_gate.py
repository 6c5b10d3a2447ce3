"""Slack's door: what is not signed by Slack, just now, and well-formed does not get in."""

import contextlib
import json
import random
import time

import aiohttp
import pytest

from adapters.playground.people import SLACK_TEAM
from adapters.playground.slack_client import SlackClient
from bot.config import Environment, load_settings
from store.tables import DELIVERY, RECEIPT
from tests.conftest import Running
from tests.harness import ANN, settled

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def slack(running: Running) -> SlackClient:
    """Slack, before its door."""
    return SlackClient(running.stand_ins.slack, running.session, f"{running.base}/slack/events", running.stand_ins.secret)


async def rows(running: Running) -> int:
    """How many deliveries and receipts are stored."""
    from sqlalchemy import func, select

    counts = [select(func.count()).select_from(table) for table in (DELIVERY, RECEIPT)]
    return sum(await running.bot.store.database.read(lambda connection: [connection.execute(count).scalar_one() for count in counts]))


def command(text: str = "can I use ChatGPT?") -> bytes:
    """A slash command's bytes."""
    return f"command=%2Fai&text={text.replace(' ', '+')}&team_id={SLACK_TEAM}&user_id={ANN.slack}&channel_id=C0GENERAL".encode()


async def test_everything_forged_is_turned_away(running: Running, slack: SlackClient) -> None:
    """S1: unsigned, wrong secret, empty key, stale, early, odd time stamps and signatures: 401, no row.

    n = 16 kinds. Mutation: return before the comparison in `verify`.
    """
    body, now = command(), int(time.time())
    good = slack.signed(body, FORM)
    forged = [
        {"Content-Type": FORM},
        slack.signed(body, FORM, secret="another-secret-0123456789"),
        slack.signed(body, FORM, secret=""),
        slack.signed(body, FORM, at=now - 301),
        slack.signed(body, FORM, at=now + 302),
        slack.signed(b"other", FORM),
        good | {"X-Slack-Request-Timestamp": "abc"},
        good | {"X-Slack-Request-Timestamp": "1e9"},
        good | {"X-Slack-Request-Timestamp": "123.0"},
        good | {"X-Slack-Request-Timestamp": ""},
        good | {"X-Slack-Request-Timestamp": "-1"},
        good | {"X-Slack-Request-Timestamp": "9" * 400},
        good | {"X-Slack-Signature": ""},
        good | {"X-Slack-Signature": "v0="},
        good | {"X-Slack-Signature": "v1=" + good["X-Slack-Signature"][3:]},
        good | {"X-Slack-Signature": "v0=" + "é" * 64},
    ]

    for headers in forged:
        answer = await slack.deliver(body, headers)
        assert answer.status == 401, headers

    assert await rows(running) == 0


async def test_what_is_signed_but_malformed_is_answered_400(running: Running, slack: SlackClient) -> None:
    """S1: not UTF-8, bad JSON, arrays, 100,000 levels: 400, never 500. n = 9."""
    deep = b"[" * 100_000
    malformed = [
        (b"\xff\xfe", FORM),
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b'"text"', "application/json"),
        (b'{"a":' + deep, "application/json"),
        (b"payload=" + deep, FORM),
        (b"payload=%7B", FORM),
        (b"a=1", FORM),
        (b"", FORM),
    ]

    for body, kind in malformed:
        answer = await slack.deliver(body, slack.signed(body, kind))
        assert answer.status == 400, body[:20]

    assert await rows(running) == 0


async def test_mutated_requests_never_run_a_handler(running: Running, slack: SlackClient) -> None:
    """S1: n = 400 random mutations of body and headers of a good request; 0 rows, 0 answers of 5xx."""
    chance = random.Random(20260115)
    body = command()
    good = slack.signed(body, FORM)

    for _ in range(400):
        mutated, headers = bytearray(body), dict(good)
        if chance.random() < 0.5:
            mutated[chance.randrange(len(mutated))] ^= 1 << chance.randrange(7)
        else:
            name = chance.choice(["X-Slack-Signature", "X-Slack-Request-Timestamp"])
            value = list(headers[name])
            place = chance.randrange(len(value))
            value[place] = chance.choice([char for char in "0123456789abcdef" if char != value[place]])
            headers[name] = "".join(value)
        answer = await slack.deliver(bytes(mutated), headers)
        assert answer.status == 401

    assert await rows(running) == 0


async def test_a_body_over_a_megabyte_is_refused_unread(running: Running, slack: SlackClient) -> None:
    """S74: 413 for what no platform sends."""
    body = b"text=" + b"x" * (1024 * 1024 + 10)

    with contextlib.suppress(aiohttp.ClientError):  # closed before everything was sent: refused as well
        assert (await slack.deliver(body, slack.signed(body, FORM))).status == 413

    assert await rows(running) == 0


async def test_the_same_command_twice_gets_the_same_answer_and_one_receipt(running: Running, slack: SlackClient) -> None:
    """S9: byte-identical repeats within the window. n = 20. Mutation: drop `Repeat` in `_admit`."""
    first = await slack.command(ANN, "can I put customer emails into ChatGPT?")

    for _ in range(20):
        again = await slack.deliver(first.raw, first.headers)
        assert (again.status, again.body) == (200, first.body)

    assert await rows(running) == 2


async def test_a_repeat_outside_the_window_is_refused(running: Running, slack: SlackClient) -> None:
    """S9 as corrected: 401 once the window has passed."""
    body = command()

    assert (await slack.deliver(body, slack.signed(body, FORM, at=int(time.time()) - 400))).status == 401


UNKNOWN = [
    "app_home_opened",
    "team_join",
    "reaction_added",
    "link_shared",
    "message_metadata_posted",
    "no_such_event_yet",
    "assistant_thread_started",
]


async def test_what_nobody_listens_for_is_acknowledged(running: Running, slack: SlackClient) -> None:
    """S80: unknown events, interactions and commands get 200, so that Slack keeps the app on. n = 15."""
    for kind in UNKNOWN:
        assert (await slack.event({"type": kind, "user": ANN.slack})).status == 200
    base = {"team": {"id": SLACK_TEAM}, "user": {"id": ANN.slack, "team_id": SLACK_TEAM}, "trigger_id": "1.2"}
    for payload in (
        base
        | {"type": "block_actions", "actions": [{"type": "button", "action_id": "gone:0", "value": "x"}], "container": {}, "channel": {"id": "D1"}},
        base | {"type": "block_actions", "actions": [{"type": "static_select", "action_id": "tool:1"}], "container": {}, "channel": {"id": "D1"}},
        base | {"type": "block_actions", "actions": []},
        base | {"type": "shortcut", "callback_id": "gone"},
        base | {"type": "message_action", "callback_id": "gone", "message": {}, "channel": {"id": "C1"}},
        base | {"type": "view_submission", "view": {"id": "V1", "callback_id": "gone", "state": {"values": {}}}},
        base | {"type": "view_closed", "view": {"id": "V1", "callback_id": "gone"}},
    ):
        assert (await slack.interaction(payload)).status == 200, payload["type"]
    body = command().replace(b"%2Fai", b"%2Fsomething")
    assert (await slack.deliver(body, slack.signed(body, FORM))).status == 200


async def test_bots_and_the_bot_itself_are_not_answered(running: Running, slack: SlackClient) -> None:
    """Two bots must not talk to each other for ever."""
    for more in ({"bot_id": "B0MAYI"}, {"subtype": "bot_message", "bot_id": "B1"}, {"subtype": "message_changed"}, {"user": "U0MAYIBOT"}):
        event = {"type": "message", "channel_type": "im", "channel": ANN.direct, "user": ANN.slack, "text": "can I use ChatGPT?", "ts": "1.1"}
        assert (await slack.event(event | more)).status == 200
    await settled(running.bot)

    assert running.stand_ins.slack.messages == []


async def test_another_workspace_has_no_effect(running: Running, slack: SlackClient) -> None:
    """S7, S58: a correctly signed delivery of another workspace is acknowledged and changes nothing."""
    event = {"type": "message", "channel_type": "im", "channel": ANN.direct, "user": ANN.slack, "text": "can I use ChatGPT?", "ts": "1.1"}

    assert (await slack.event(event, team="T0OTHER")).status == 200
    await settled(running.bot)

    assert await rows(running) == 0


async def test_a_stranger_from_another_workspace_gets_the_polite_word(running: Running, slack: SlackClient) -> None:
    """S58: told by the home team alone, even when Slack does not mark them a stranger."""
    event = {"type": "app_mention", "channel": "C0GENERAL", "user": ANN.slack, "user_team": "T0OTHER", "text": "is ChatGPT approved?", "ts": "1.1"}
    assert (await slack.event(event)).status == 200
    await settled(running.bot)

    (message,) = [message for message in running.stand_ins.slack.messages if message.blocks]
    assert message.text.startswith("Hello!")


async def test_both_secrets_are_good_while_one_replaces_the_other() -> None:
    """CONTRACT: two signing secrets separated by a comma."""
    old, new = "0123456789abcdef0123", "abcdef0123456789abcd"
    found = load_settings(Environment(SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET=f"{old}, {new}"))  # type: ignore[call-arg]

    assert found.slack is not None
    assert found.slack.signing_secrets == (old, new)


async def test_slow_texts_are_handled_fast(running: Running, slack: SlackClient) -> None:
    """S74: 900 KB of hostile text in a signed command costs well under a second, and is asked back, never judged."""
    for text in ("a" * 900_000, "can i put " * 80_000, "<" * 900_000, "not " * 200_000, "( " * 400_000):
        begun = time.perf_counter()
        answer = await slack.command(ANN, text)
        assert answer.status in (200, 413)
        assert time.perf_counter() - begun < 2
        if answer.status == 200:
            assert json.loads(answer.body)["text"].endswith("?")

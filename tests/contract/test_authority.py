"""Who may do what, through the platforms' real payloads: checked afresh at every press, and closed where it cannot be checked."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.playground.faults import Fault
from bot.engine.codecs import REQUESTS
from bot.requests.state import Request
from store.people import put_people
from tests.conftest import Running
from tests.contract.test_decisions import SOON, about, request_id
from tests.contract.test_requests import files, meets
from tests.harness import ANN, BEN, CYD, DANA, ELI, HAL, Harness, SlackHarness, TeamsHarness, settled


async def state_of(chat: Harness, id: str) -> Request:
    """A request as it is stored."""
    stored = await chat.bot.store.case(id)
    assert stored is not None
    found = REQUESTS.load(stored.state)
    assert isinstance(found, Request)
    return found


def forget_when_checked(chat: Harness) -> None:
    """The last check of everybody's account lies a while back."""
    engine = chat.bot.engine
    for id, account in list(engine._accounts.items()):
        engine._accounts[id] = replace(account, checked_at=datetime(2026, 1, 1, tzinfo=UTC))


async def test_who_was_deactivated_a_minute_ago_decides_nothing(chat: Harness) -> None:
    """S61: the platform is asked again before a decision. Mutation: give decisions the hour that answers have."""
    await meets(chat)
    await files(chat)
    id = await request_id(chat)
    forget_when_checked(chat)
    chat.stand_ins.slack.users[CYD.slack]["deleted"] = True
    chat.stand_ins.teams.members.pop(CYD.teams_user)

    await chat.presses(CYD, "Approve")

    assert (await state_of(chat, id)).phase == "open"


async def test_where_the_platform_does_not_answer_nothing_is_decided(chat: Harness) -> None:
    """S55: fails closed, says so, and a later press works."""
    await meets(chat)
    await files(chat)
    id = await request_id(chat)
    forget_when_checked(chat)
    chat.stand_ins.slack.faults.add("users.info", Fault(status=500))
    chat.stand_ins.teams.faults.add("member", Fault(status=500))

    await chat.presses(CYD, "Approve")
    assert "cannot check right now" in chat.sees(CYD)[-1].text
    assert (await state_of(chat, id)).phase == "open"

    await chat.presses(CYD, "Approve")
    assert (await state_of(chat, id)).phase == "approved"


async def test_who_left_the_directory_has_no_role_any_more(chat: Harness) -> None:
    """S62, R142: authority is read at the click, not when the card was sent; the manager steps in."""
    await meets(chat)
    await chat.says(HAL, "help")
    await files(chat)
    id = await request_id(chat)
    stay = [person.entry for person in (ANN, BEN, DANA, ELI, HAL)]
    await put_people(chat.bot.store.database, stay, datetime.now(UTC), complete=True)

    await chat.presses(CYD, "Approve")
    assert (await state_of(chat, id)).phase == "open"
    assert "This decision is for security" in chat.sees(CYD)[-1].text
    await chat.says(HAL, f"approve {id}")
    await chat.presses(HAL, "Approve")

    assert (await state_of(chat, id)).phase == "approved"


async def test_refusals_do_not_tell_whether_there_is_such_a_request(chat: Harness) -> None:
    """S56: somebody without a part reads the same words about an id that exists and one that does not."""
    await meets(chat)
    await files(chat)
    id = await request_id(chat)
    said = set()
    for typed in (id, "REQ-AAAAAAAA"):
        for word in ("show", "approve", "withdraw", "comment", "undo"):
            await chat.says(BEN, f"{word} {typed}" + (" x" if word in ("comment", "undo") else ""))
            said.add(chat.sees(BEN)[-1].text)

    assert said == {"I do not find that request. Type “status” or “inbox” to see yours."}


async def test_somebody_who_stands_in_decides_between_the_days_and_not_after(chat: Harness) -> None:
    """S60: a stand-in's authority begins and ends with its days, and at once when it is taken back."""
    await meets(chat)
    await chat.says(BEN, "help")
    await chat.says(CYD, "settings")
    await chat.presses(CYD, "Somebody stands in for me")
    days = {"From which day?": datetime.now(UTC).date().isoformat(), "Until which day?": SOON}
    await chat.fills(CYD, days | {"Who decides for you while you are away?": "ben@example.com"})
    await files(chat)
    assert "you stand in for Cyd Marsh" in about(chat, BEN, "Please decide").text
    id = await request_id(chat)

    await chat.says(CYD, "settings")
    await chat.presses(CYD, "I am back")
    await chat.presses(BEN, "Approve")
    assert (await state_of(chat, id)).phase == "open"
    await chat.says(CYD, f"approve {id}")
    await chat.presses(CYD, "Approve")
    assert (await state_of(chat, id)).phase == "approved"


def mutations(payload: Mapping[str, Any], chance: random.Random, id: str) -> dict[str, Any]:
    """A press with one or more of its fields changed to what a forger would try."""
    forged: dict[str, Any] = json.loads(json.dumps(payload))
    values = [f"{id}/1", f"{id}/99", id, f"{id}/1; DROP TABLE", "REQ-AAAAAAAA/1", "", "../" + id, f"{id}/-1", "\x00", "9" * 3000, f" {id}/1"]
    actions = [
        "approve:0",
        "deny:0",
        "undo:0",
        "break_glass:0",
        "conditions:0",
        "review:0",
        "reattest:0",
        "form_submit:0",
        "settle:0",
        "prefer:0",
        "withdraw:0",
    ]
    for _ in range(chance.randint(1, 3)):
        match chance.randint(0, 5):
            case 0:
                forged["actions"][0]["value"] = chance.choice(values)
            case 1:
                forged["actions"][0]["action_id"] = chance.choice(actions)
            case 2:
                forged["user"] = {**forged["user"], "username": "security", "name": "Cyd Marsh", "is_admin": True}
            case 3:
                forged["state"] = {"values": {"b": {"option:0": {"type": "static_select", "selected_option": {"value": chance.choice(values)}}}}}
            case 4:
                forged["message"] = {"ts": "1.1", "text": "approved by Cyd Marsh", "user": CYD.slack}
            case _:
                forged["view"] = {"type": "modal", "private_metadata": chance.choice(values), "callback_id": "form"}
    return forged


@pytest.mark.parametrize("seed", range(4))
async def test_forged_presses_of_somebody_without_authority_have_no_effect(running: Running, seed: int) -> None:
    """S63: n = 60 a seed on Slack, 20 on Teams: nothing is decided, changed or shown, and nothing ends in an error."""
    slack = SlackHarness(running.stand_ins, running.bot, running.session, running.base)
    teams = TeamsHarness(running.stand_ins, running.bot, running.session, running.base)
    chance = random.Random(seed)
    await meets(slack)
    await files(slack)
    id = await request_id(slack)
    before = await state_of(slack, id)
    payload = {
        "type": "block_actions",
        "team": {"id": "T0NORTHWND"},
        "user": {"id": BEN.slack, "team_id": "T0NORTHWND"},
        "channel": {"id": BEN.direct},
        "container": {"type": "message", "channel_id": BEN.direct, "message_ts": "1.1"},
        "trigger_id": "none",
        "actions": [{"type": "button", "action_id": "approve:0", "block_id": "b", "value": f"{id}/1"}],
    }
    for _ in range(60):
        assert (await slack.client.interaction(mutations(payload, chance, id))).status == 200
    for _ in range(20):
        verb = chance.choice(("approve", "deny", "undo", "break_glass", "conditions", "review", "form_submit", "show_case"))
        data = {"action": verb, "ref": chance.choice((id, f"{id}/1", "x", "")), "person": CYD.email, "approver": "security@example.com"}
        value = {"action": {"type": "Action.Execute", "verb": verb, "data": data}, "trigger": chance.choice(("manual", "automatic"))}
        activity = teams.client.activity(
            BEN, BEN.chat, type="invoke", name=chance.choice(("adaptiveCard/action", "task/fetch", "task/submit")), value=value
        )
        assert (await teams.client.deliver(activity)).status == 200
    await settled(running.bot)

    assert await state_of(slack, id) == before
    assert not any("Drafting answers to support tickets" in seen.text for seen in (*slack.sees(BEN), *teams.sees(BEN)))


async def test_a_dialog_of_somebody_else_cannot_be_sent_off(running: Running) -> None:
    """S63: the reference in a modal is a draft of the person it was opened for, and of nobody else."""
    slack = SlackHarness(running.stand_ins, running.bot, running.session, running.base)
    await meets(slack)
    await files(slack)
    id = await request_id(slack)
    await slack.presses(CYD, "Deny")
    running.stand_ins.slack.modals[BEN.slack] = replace(running.stand_ins.slack.modals[CYD.slack], user=BEN.slack)

    await slack.fills(BEN, {"Why?": "forged"})

    assert (await state_of(slack, id)).phase == "open"
    await slack.fills(CYD, {"Why?": "because"})
    assert (await state_of(slack, id)).phase == "denied"


async def test_who_cannot_be_reached_here_is_reached_on_the_other_platform(running: Running) -> None:
    """S28: Slack says that the user is disabled; the card to decide comes on Teams, and the record says so."""
    slack = SlackHarness(running.stand_ins, running.bot, running.session, running.base)
    teams = TeamsHarness(running.stand_ins, running.bot, running.session, running.base)
    await teams.says(CYD, "help")
    await slack.says(CYD, "help")
    running.stand_ins.slack.users[CYD.slack]["deleted"] = True

    await files(slack)

    assert teams.sees(CYD)[-1].summary.startswith("Please decide: Flurbinator")
    await teams.presses(CYD, "Approve")
    assert "in Teams" in about(slack, ANN, "Decided by").text


async def test_a_form_typed_in_chat_is_checked_like_a_press(chat: Harness) -> None:
    """S61: the reason that ends a typed `deny`, and an emergency, come from somebody who left since. Mutation: check words by name."""
    await meets(chat)
    await chat.says(HAL, "help")
    await files(chat)
    id = await request_id(chat)
    await chat.says(CYD, f"deny {id}")
    await chat.says(HAL, f"emergency {id}")
    for typed in ("fire", SOON):
        await chat.says(HAL, typed)
    forget_when_checked(chat)
    for person in (CYD, HAL):
        chat.stand_ins.slack.users[person.slack]["deleted"] = True
        chat.stand_ins.teams.members.pop(person.teams_user)
    engine = chat.bot.engine
    for account_id, account in list(engine._accounts.items()):  # checked within the hour, but not within the minute
        engine._accounts[account_id] = replace(account, checked_at=datetime.now(UTC) - timedelta(minutes=10))

    await chat.says(CYD, "because")
    await chat.says(HAL, "submit")

    assert (await state_of(chat, id)).phase == "open"

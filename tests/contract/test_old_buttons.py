"""Buttons live for ever: what earlier versions made still works, or says why not (S15); a key is never used twice (S16)."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.engine.codecs import REQUESTS
from store.tables import DRAFT, EVENT, RECEIPT
from tests.conftest import Running
from tests.contract.test_decisions import request_id
from tests.contract.test_delivery import QUESTION, slack, teams
from tests.contract.test_requests import files, meets
from tests.golden.examples import examples
from tests.harness import ANN, CYD, Harness, SlackHarness, settled

PAYLOADS = Path(__file__).parents[1] / "payloads"
OLD = [json.loads(line) for path in sorted(PAYLOADS.glob("buttons_*.jsonl")) for line in path.read_text("utf-8").splitlines()]


async def newest(chat: Harness, column: Any) -> str:
    """The newest value of a column."""
    statement = select(column).order_by(column.table.c.at.desc() if "at" in column.table.c else column.table.c.updated_at.desc())
    return str(await chat.bot.store.database.read(lambda connection: connection.execute(statement).scalar()))


@pytest.mark.parametrize("known", [True, False])
async def test_buttons_of_earlier_versions_work_or_say_why_not(chat: Harness, known: bool) -> None:
    """S15: each button that a card ever had, with ids that exist and with ids that do not: answered, never silent, never a yes by itself."""
    await meets(chat)
    await chat.says(ANN, QUESTION)
    receipt = await newest(chat, RECEIPT.c.id)
    await files(chat)
    request = await request_id(chat)
    await chat.says(ANN, "request")
    draft = await newest(chat, DRAFT.c.id)
    names = {"RCP-7K3M9QXA": receipt, "REQ-7K3M9QXA": request, "DRF-1": draft} if known else {}
    mine = [button for button in OLD if button["platform"] == chat.name]
    assert len(mine) > 40

    for button in mine:
        text = json.dumps(button)
        for old, new in names.items():
            text = text.replace(old, new)
        shown = await pressed(chat, json.loads(text))
        assert shown, button

    stored = await chat.bot.store.case(request)
    assert stored is not None
    found = REQUESTS.load(stored.state)
    assert found.approvals == ()
    assert stored.phase in (("open", "withdrawn") if known else ("open",))


async def pressed(chat: Harness, button: dict[str, Any]) -> str:
    """What Ann reads when she presses a button; "" where nothing happens."""
    before = [(seen.text, seen.buttons) for seen in chat.sees(ANN)]
    said = ""
    if isinstance(chat, SlackHarness):
        chat.stand_ins.slack.modals.pop(ANN.slack, None)
        message = next(m for m in reversed(chat.stand_ins.slack.messages) if m.channel == ANN.direct and m.blocks)
        action = {"type": "button", "action_id": button["action_id"], "value": button["value"], "text": {"type": "plain_text", "text": "x"}}
        message.blocks = [*(message.blocks or []), {"type": "actions", "elements": [action]}]
        delivered = await chat.client.press(ANN, message, button["action_id"])
        said = delivered.body
    else:
        chat.stand_ins.teams.dialogs.pop(ANN.chat, None)
        shown = next(m for m in reversed(chat.stand_ins.teams.shown_in(ANN.chat)) if m.card)
        action = {"title": "x", "verb": button["verb"], "data": button["data"]}
        client: Any = chat
        opens = "msteams" in button["data"]
        delivered, said = await (client.client.opens(ANN, shown, action) if opens else client.client.press(ANN, shown, action))
    assert delivered.status == 200
    await settled(chat.bot)
    if said or chat.dialog(ANN) or "adaptive" in delivered.body:
        return said or "a dialog, or a card in its place"
    return "changed" if [(seen.text, seen.buttons) for seen in chat.sees(ANN)] != before else ""


def test_the_corpus_has_every_button_of_today() -> None:
    """A new button is kept for later versions. When this fails: add it to tests/payloads/buttons_VERSION.jsonl."""
    known = {button["action_id"].partition(":")[0] if button["platform"] == "slack" else button["data"]["action"] for button in OLD}
    today = {button.action for _, card in examples() for button in card.buttons}

    assert today <= known


async def test_a_key_with_another_content_is_refused_and_noted(running: Running) -> None:
    """S16: the same activity or event id, other words: nothing is done and an event tells it. Mutation: leave the digest out."""

    async def noted() -> int:
        statement = select(func.count()).select_from(EVENT).where(EVENT.c.kind == "DeliveryKeyReused")
        return int(await running.bot.store.database.read(lambda connection: connection.execute(statement).scalar_one()))

    first = await teams(running).says(ANN, QUESTION)
    event = {"type": "message", "channel_type": "im", "channel": CYD.direct, "user": CYD.slack, "ts": "1.1"}
    await slack(running).event({**event, "text": QUESTION}, event_id="Ev1")
    await settled(running.bot)
    shown = len(running.stand_ins.slack.messages) + len(running.stand_ins.teams.shown_in(ANN.chat))

    assert (await teams(running).deliver(first.activity)).status == 200
    await slack(running).event({**event, "text": QUESTION}, event_id="Ev1")
    assert await noted() == 0
    assert (await teams(running).deliver({**first.activity, "text": "can I put a blog post into Grammarly?"})).status == 200
    await slack(running).event({**event, "text": "help"}, event_id="Ev1")
    await settled(running.bot)

    assert await noted() == 2
    assert len(running.stand_ins.slack.messages) + len(running.stand_ins.teams.shown_in(ANN.chat)) == shown

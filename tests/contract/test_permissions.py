"""Who may do what, when: every person × order × state × platform, through real payloads (S54). All cells with ./dev soak."""

import itertools
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from adapters.playground.people import BOT_USER, SamplePerson
from adapters.playground.slack_api import Message
from tests.contract.test_decisions import SOON, request_id
from tests.contract.test_requests import ANSWERS, meets
from tests.harness import ANN, BEN, CYD, DANA, ELI, FAY, GUS, HAL, Harness, SlackHarness, settled

SOAK = bool(os.environ.get("MAYI_SOAK"))
EVERY = 1 if SOAK else 20  # of the cells in which nothing may happen; those in which something may are always tried

WHO = {"asker": ANN, "filer": DANA, "joined": BEN, "approver": CYD, "emergency": HAL, "privacy": ELI, "legal": FAY, "guest": GUS}
STATES = ("open", "paused", "approved", "emergency", "denied", "withdrawn")
UNDECIDED = ("open", "paused")
MINE = ("asker", "filer")
#: What each order asks in its form.
FORMS: dict[str, dict[str, str]] = {
    "conditions": {"On which conditions?": "keep it short"},
    "deny": {"Why?": "no"},
    "more": {"What do you need to know?": "which"},
    "delegate": {"Who decides instead of you?": FAY.email},
    "facts": {},
    "answer": {"Your answer": "this"},
    "comment": {"Your comment": "hm"},
    "undo": {"What was wrong with it?": "all"},
    "break_glass": {"What is the emergency?": "fire", "Until when at most?": SOON},
}
#: order → who may give it, and in which states; everything else changes nothing.
ALLOWED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "approve": (("approver",), ("open",)),
    "conditions": (("approver",), ("open",)),
    "deny": (("approver",), ("open",)),
    "more": (("approver",), ("open",)),
    "delegate": (("approver",), ("open",)),
    "evaluate": (("approver",), ("open",)),
    "facts": (("approver",), UNDECIDED),
    "undo": (("approver",), ("approved", "emergency", "denied")),
    "review": (("approver",), ("emergency",)),
    "break_glass": (("emergency", "approver"), UNDECIDED),  # security holds an emergency role too
    "comment": ((*MINE, "joined", "approver"), STATES),
    "answer": (MINE, ("paused",)),
    "withdraw": (MINE, UNDECIDED),
    "edit": (MINE, (*UNDECIDED, "denied", "withdrawn")),
    "reattest": ((), ()),
    "show_case": ((), ()),
    "no_such_order": ((), ()),
}


class Machine:
    """The database, put back to how it was after each cell."""

    def __init__(self, url: str, folder: Path) -> None:
        self.live, self.folder = Path(url.removeprefix("sqlite:///")), folder

    def keep(self, name: str) -> None:
        """Remember the database as it is."""
        copy(self.live, self.folder / name)

    def back(self, name: str) -> None:
        """Have it as it was then."""
        copy(self.folder / name, self.live)


def copy(source: Path, target: Path) -> None:
    """One database into another, while both may be in use."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


async def presses(chat: Harness, person: SamplePerson, order: str, ref: str) -> None:
    """A press of a button that may never have been shown to this person, and the form behind it filled."""
    if isinstance(chat, SlackHarness):
        chat.stand_ins.slack.modals.pop(person.slack, None)
        button = {"type": "button", "action_id": f"{order}:0", "value": ref, "text": {"type": "plain_text", "text": "x"}}
        blocks = [{"type": "actions", "elements": [button]}]
        message = chat.stand_ins.slack.put(Message(person.direct, chat.stand_ins.slack.ts(), BOT_USER, "x", blocks))
        await chat.presses_again(person, (message, f"{order}:0"))
    else:
        chat.stand_ins.teams.dialogs.pop(person.chat, None)
        shown = chat.stand_ins.teams.put(person.chat, "bot", "x", {"summary": "x", "attachments": []})
        action = {"title": "x", "verb": order, "data": {"action": order, "ref": ref}}
        client: Any = chat
        await (client.client.opens if order in FORMS else client.client.press)(person, shown, action)
        await settled(chat.bot)
    if order == "edit" and person is not GUS and "Open form" in chat.sees(person)[-1].buttons:
        await chat.presses(person, "Open form")
        await chat.fills(person, ANSWERS | {"What do you want to use it for?": "Something else"})
    elif chat.dialog(person):
        await chat.fills(person, FORMS.get(order, {}))


async def states(chat: Harness, machine: Machine) -> str:
    """One request in each state, remembered; its id."""
    await meets(chat)
    for person in (HAL, DANA, BEN, FAY, ELI):
        await chat.says(person, "help")
    for person, more in ((DANA, {"Are you asking for somebody else?": ANN.email}), (BEN, {})):
        await chat.says(person, "request")
        await chat.presses(person, "Open form")
        await chat.fills(person, ANSWERS | more)
    id = await request_id(chat)
    machine.keep("open")
    for name, person, order in (
        ("paused", CYD, "more"),
        ("approved", CYD, "approve"),
        ("emergency", HAL, "break_glass"),
        ("denied", CYD, "deny"),
        ("withdrawn", ANN, "withdraw"),
    ):
        machine.back("open")
        await presses(chat, person, order, f"{id}/1")
        machine.keep(name)
    return id


async def test_each_order_is_for_whom_it_is_meant(chat: Harness, sqlite_url: str, tmp_path: Path) -> None:
    """S54, S56, S59: 816 cells a platform; only the table's cells change the request. Mutation: take any check out of `decide`."""
    machine = Machine(sqlite_url, tmp_path)
    id = await states(chat, machine)
    wrong: list[str] = []
    tried = 0
    for place, (state, (order, (may, when)), (role, person)) in enumerate(itertools.product(STATES, ALLOWED.items(), WHO.items())):
        allowed = role in may and state in when
        if not allowed and place % EVERY:
            continue
        machine.back(state)
        before = await chat.bot.store.case(id)
        assert before is not None
        await presses(chat, person, order, f"{id}/1")
        after = await chat.bot.store.case(id)
        tried += 1
        if (after != before) is not allowed:
            wrong.append(f"{role} {order} while {state}: {'changed' if after != before else 'nothing'}")

    assert wrong == []
    assert tried > 80

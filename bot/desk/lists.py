"""Lists for one person: what they asked for, what waits for their decision, and their settings."""

from collections.abc import Sequence

from bot.case.codec import UnknownShape
from bot.engine.codecs import REQUESTS
from bot.engine.ports import Work
from bot.engine.records import StoredCase
from bot.engine.world import World
from bot.requests.cards import LISTED, requests_card
from bot.requests.state import Request
from bot.ui.card import Button, Card

EVERYWHERE = frozenset(("slack", "teams"))


async def status_card(work: Work, world: World, person: str) -> Card:
    """What somebody asked for, the newest first."""
    stored, total = await work.cases_of(person, LISTED)
    say = world.say()
    begin = (Button(say.button("begin_request"), "begin_request", ""),)
    return requests_card(say, "status_title", [(request, "") for request in requests(stored)], world.process.calendars.own, total, begin)


async def inbox_card(work: Work, world: World, person: str) -> Card:
    """What waits for somebody's decision, the most urgent first."""
    stored, total = await work.waiting_for(person, LISTED)
    known = await work.known(frozenset(case.asker for case in stored), EVERYWHERE)
    rows = [(request, known.name(request.asker)) for request in requests(stored)]
    return requests_card(world.say(), "inbox_title", rows, world.process.calendars.own, total)


def requests(stored: Sequence[StoredCase]) -> list[Request]:
    """The requests among stored cases; one that this version cannot read is left out."""
    found: list[Request] = []
    for case in stored:
        try:
            request = REQUESTS.load(case.state)
        except UnknownShape:
            continue
        if isinstance(request, Request):
            found.append(request)
    return found

"""Lists for one person: what they asked for, what waits for their decision, and their settings."""

from collections.abc import Sequence

from bot.case.codec import UnknownShape
from bot.engine.codecs import REQUESTS
from bot.engine.ports import Work
from bot.engine.records import StoredCase
from bot.engine.world import World
from bot.requests.cards import LISTED, requests_card
from bot.requests.state import Request
from bot.ui.card import Block, Button, Card, Heading, Note, Paragraph, Span

SHORT = 5


async def status_card(work: Work, world: World, person: str) -> Card:
    """What somebody asked for, the newest first."""
    stored, total = await work.cases_of(person, LISTED)
    say = world.say()
    begin = (Button(say.button("begin_request"), "begin_request", ""),)
    return requests_card(say, "status_title", [(request, "") for request in requests(stored)], world.process.calendars.own, total, begin)


async def inbox_card(work: Work, world: World, person: str, platforms: frozenset[str]) -> Card:
    """What waits for somebody's decision, the most urgent first."""
    stored, total = await work.waiting_for(person, LISTED)
    known = (await work.around(frozenset(case.asker for case in stored), platforms)).known
    rows = [(request, known.name(request.asker)) for request in requests(stored)]
    return requests_card(world.say(), "inbox_title", rows, world.process.calendars.own, total, openers(requests(stored)))


async def home_card(work: Work, world: World, person: str, platforms: frozenset[str]) -> Card:
    """What waits for somebody and what they asked for, on one page."""
    say, calendar = world.say(), world.process.calendars.own
    waiting, to_decide = await work.waiting_for(person, SHORT)
    own, asked = await work.cases_of(person, SHORT)
    known = (await work.around(frozenset(case.asker for case in waiting), platforms)).known
    inbox = requests_card(say, "inbox_title", [(found, known.name(found.asker)) for found in requests(waiting)], calendar, to_decide)
    status = requests_card(say, "status_title", [(found, "") for found in requests(own)], calendar, asked)
    title = say.text("home_title")
    buttons = (*openers(requests(waiting)), Button(say.button("begin_request"), "begin_request", "", primary=True))
    blocks: tuple[Block, ...] = (Heading(title), *below(inbox), *below(status), Note((Span(say.text("help_words")),)))
    return Card("\n".join((title, inbox.summary, status.summary)), blocks, buttons)


def below(card: Card) -> tuple[Block, ...]:
    """A card's blocks, its heading as a line of running text."""
    first, *rest = card.blocks
    return (Paragraph((Span(first.text, strong=True),)) if isinstance(first, Heading) else first, *rest)


def openers(found: Sequence[Request]) -> tuple[Button, ...]:
    """A button for each of the first requests, to open it with its own buttons."""
    return tuple(Button(f"{request.subject} · {request.id}", "show_case", request.id) for request in found[:SHORT])


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

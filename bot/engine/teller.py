"""Telling people: which card goes where, and every copy of it brought up to date.

A person is written to on the platform they chose, else the one they used last; the other one is the fallback. A card
that was posted for a case is found by its topic and redrawn in place; a nudge is a new message, as nobody is notified of
a change to an old one.
"""

from collections.abc import Callable, Sequence

from bot.case.effects import Tell
from bot.case.ids import new_id
from bot.engine.ports import Account, Happened, Standing, Unit, Want, Work
from bot.ui.card import Card

Draw = Callable[[str, str], Card]
DrawNudged = Callable[[str, str, str], Card]


class Teller:
    """Turns what people shall be told into wants of the unit."""

    def __init__(self, work: Work, platforms: Callable[[], frozenset[str]]) -> None:
        self._work, self._platforms = work, platforms

    @property
    def platforms(self) -> frozenset[str]:
        """The platforms that are set up."""
        return self._platforms()

    async def redraw(self, topic: str, draw: Draw, unit: Unit) -> None:
        """Bring every copy of a case up to date."""
        for copy in await self._work.copies(topic):
            part = copy.key.split("/")[1]
            unit.wants.append(Want(copy.platform, copy.address, copy.key, draw(part, copy.person), topic=topic, person=copy.person))

    async def tell(self, topic: str, tells: Sequence[Tell], draw: DrawNudged, unit: Unit) -> None:
        """Show people a case, and bring the copies of everybody else up to date."""
        copies = await self._work.copies(topic)
        for copy in copies:
            part = copy.key.split("/")[1]
            unit.wants.append(Want(copy.platform, copy.address, copy.key, draw(part, copy.person, ""), topic=topic, person=copy.person))
        have = {(copy.person, copy.key.split("/")[1]) for copy in copies}
        told: dict[tuple[str, str], str] = {}
        for tell in tells:  # of several reasons to tell somebody, the last one is the news
            told[tell.person, tell.part] = tell.nudge or told.get((tell.person, tell.part), "")
        for (person, part), nudge in told.items():
            if not person or (not nudge and (person, part) in have):
                continue
            account = await self.account_of(person)
            if account is None:
                unit.events.append(Happened("PersonNotReached", topic, "", {"part": part}, person))
                continue
            key = f"{topic}/{part}/{new_id('N')}" if (person, part) in have else f"{topic}/{part}"
            unit.wants.append(Want(account.platform, account.address, key, draw(part, person, nudge), fresh=True, topic=topic, person=person))

    async def account_of(self, person: str) -> Account | None:
        """Where a person is written to; None where they cannot be reached."""
        if "@" not in person:
            found = await self._work.account(person)
            accounts = [found] if found else []
        else:
            accounts = list(await self._work.accounts_of(person))
        usable = [a for a in accounts if a.address and a.platform in self.platforms and a.standing is Standing.MEMBER]
        wish = await self._work.preference(person) if usable else ""
        return next((account for account in usable if account.platform == wish), usable[0] if usable else None)

"""Telling people: which card goes where, and every copy of it brought up to date.

A person is written to on the platform they chose, else the one they used last; the other one is the fallback. A card
that was posted for a case is found by its topic and redrawn in place; a nudge is a new message, as nobody is notified of
a change to an old one.
"""

from collections.abc import Callable, Sequence

from bot.case.effects import Tell
from bot.case.ids import new_id
from bot.engine.ports import Around, Happened, Unit, Want
from bot.engine.records import Copy
from bot.ui.card import Card

# A card for a part and a person, with a nudge on top or "".
Draw = Callable[[str, str, str], Card]


class Teller:
    """Turns what people shall be told into wants of the unit."""

    def __init__(self, platforms: Callable[[], frozenset[str]]) -> None:
        self._platforms = platforms

    @property
    def platforms(self) -> frozenset[str]:
        """The platforms that are set up."""
        return self._platforms()

    def redraw(self, topic: str, copies: Sequence[Copy], draw: Draw, unit: Unit) -> None:
        """Bring every copy of a case up to date."""
        for copy in copies:
            part = copy.key.split("/")[1]
            unit.wants.append(Want(copy.platform, copy.address, copy.key, draw(part, copy.person, ""), topic=topic, person=copy.person))

    def tell(self, topic: str, copies: Sequence[Copy], tells: Sequence[Tell], around: Around, draw: Draw, unit: Unit) -> None:
        """Show people a case, and bring the copies of everybody else up to date."""
        self.redraw(topic, copies, draw, unit)
        have = {(copy.person, copy.key.split("/")[1]) for copy in copies}
        told: dict[tuple[str, str], str] = {}
        for tell in tells:  # of several reasons to tell somebody, the last one is the news
            told[tell.person, tell.part] = tell.nudge or told.get((tell.person, tell.part), "")
        for (person, part), nudge in told.items():
            if not person or (not nudge and (person, part) in have):
                continue
            account = around.address(person)
            if account is None:
                unit.events.append(Happened("PersonNotReached", topic, "", {"part": part}, person))
                continue
            key = f"{topic}/{part}/{new_id('N')}" if (person, part) in have else f"{topic}/{part}"
            unit.wants.append(Want(account.platform, account.address, key, draw(part, person, nudge), fresh=True, topic=topic, person=person))

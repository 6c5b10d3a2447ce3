"""Answers prepared: what a reading leads to, made once for each state of the world.

The same tools with the same data are asked about again and again, in other words and by other people. Everything that
follows from a reading alone (judgement, card, record) is kept; only the receipt and the text differ from turn to turn.
"""

from dataclasses import dataclass, replace

from bot.answers.answer import Answer, answer
from bot.answers.cards import ask_card, verdict_card
from bot.answers.info import info_card
from bot.answers.receipts import record_of, words_of
from bot.engine.world import World
from bot.policy.grants import Grant
from bot.ui.card import RECEIPT_MARK, Card
from bot.understanding.reading import Intent, Reading

REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer with all that is shown and kept of it; the card's receipt and the words' text are still marks."""

    given: Answer
    card: Card
    public_card: Card
    record: str
    words: str


class Preparations:
    """The prepared answers of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._kept: dict[object, Prepared] = {}

    def of(self, reading: Reading, grants: tuple[Grant, ...] = ()) -> Prepared:
        """What this reading leads to, for somebody for whom these grants hold."""
        key = (key_of(reading), grants)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= REMEMBERED:
                self._kept.clear()
            found = self._kept[key] = prepared(self.world, reading, grants)
        return found


def key_of(reading: Reading) -> object:
    """All of a reading that its answer depends on: within one world, a tool is its name."""
    tools = tuple(
        (heard.heard, heard.corrected, heard.tool.name if heard.tool else "", tuple(tool.name for tool in heard.candidates))
        for heard in reading.tools
    )
    text = reading.text if reading.intent is Intent.POLICY_LOOKUP else ""
    rest = (reading.uses, reading.tiers, reading.unknown_data, reading.unheard, reading.secrets, reading.as_of, reading.too_long)
    return (reading.language, reading.intent, tools, reading.data, rest, text)


def prepared(world: World, reading: Reading, grants: tuple[Grant, ...]) -> Prepared:
    """An answer with all that follows from it."""
    given = answer(world.policy, world.tools, reading, grants)
    card = answer_card(world, given, RECEIPT_MARK)
    public = replace(card, buttons=tuple(button for button in card.buttons if button.action != "share"))
    return Prepared(given, card, public, record_of(given), words_of(reading))


def answer_card(world: World, given: Answer, receipt: str) -> Card:
    """The card of an answer, whatever was asked."""
    say = world.say(given.reading.language)
    if given.ask is not None:
        return ask_card(say, world.policy, given, receipt)
    if given.reading.intent is Intent.ASK:
        return verdict_card(say, world.policy, world.alternatives, given, receipt)
    return info_card(say, world.policy, world.tools, given, receipt)

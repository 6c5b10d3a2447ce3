"""Handing an answer over to a person: the where-to-ask contact gets it with its receipt, wherever they can be reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.answers.cards import handover_card
from bot.answers.receipts import load_words
from bot.engine.ports import Account, Happened, StoredReceipt, Unit, Want, Work
from bot.engine.turn import Turn
from bot.engine.world import World
from bot.policy.model import Verdict, WhereToAsk

# How a platform says where the contact reads, "" where it cannot tell: a channel's address.
Channel = Callable[[WhereToAsk], str]

VERDICTS = (Verdict.PERMITTED, Verdict.CONDITIONAL, Verdict.PROHIBITED)


@dataclass(frozen=True, slots=True)
class Concern:
    """Why an answer is handed over; the names of the replies and of the event."""

    name: str
    event: str
    title: str
    done: str
    otherwise: str


ASKED = Concern("asked", "PersonAsked", "asked_title", "handed_over", "ask_person")
DISPUTED = Concern("disputed", "AnswerDisputed", "disputed_title", "disputed", "dispute_yourself")


class Handover:
    """Reaches the contact: in their channel on any platform that is set up, else on the account with their address."""

    def __init__(self, work: Work, channels: Mapping[str, Channel]) -> None:
        self._work, self._channels = work, channels

    async def hand_over(self, concern: Concern, stored: StoredReceipt, account: Account, turn: Turn, world: World, unit: Unit) -> bool:
        """Show the contact the question and its answer; whether there is a place to show it."""
        places = await self._places(turn.platform, world.policy.organization.where_to_ask)
        if not places:
            return False
        platform, address = places[0]
        words, say = load_words(stored.words), world.say()
        verdict = say.verdict(Verdict(stored.verdict)) if stored.verdict in VERDICTS else say.text("no_verdict")
        card = handover_card(say, concern.title, account.name or account.email, stored.id, words.text if words else "", verdict)
        # The same button pressed again changes the same message; it does not send another.
        unit.wants.append(Want(platform, address, f"{concern.name}/{stored.id}", card))
        unit.events.append(Happened(concern.event, stored.id, account.id))
        return True

    async def _places(self, platform: str, where: WhereToAsk) -> list[tuple[str, str]]:
        """Where the contact reads, on the asker's own platform first."""
        order = sorted(self._channels, key=lambda name: name != platform)
        places = [(name, address) for name in order if (address := self._channels[name](where))]
        if not places and where.email:
            accounts = await self._work.accounts_of(where.email.lower())
            places = [(found.platform, found.address) for found in accounts if found.address and found.platform in self._channels]
        return places

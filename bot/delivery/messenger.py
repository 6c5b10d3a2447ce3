"""A platform as the outbox uses it: what is handed to it, and how that may end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.delivery.pacing import Limits
from bot.ui.card import Card

#: What a platform asks to pause: one card, everything of the same act (posting or changing), or all it is sent.
Pauses = Literal["this card", "the same", "everything"]


@dataclass(frozen=True, slots=True)
class Leased:
    """A card this process may deliver now: the row's id, the attempt it is, and what it should show.

    `card` is the stored JSON, or for one just written here the Card itself with the receipt that fills its mark.
    """

    id: str
    platform: str
    address: str
    key: str
    card: str | Card
    message: str
    wanted: int
    attempts: int
    failures: int = 0
    expires_at: datetime | None = None
    topic: str = ""
    person: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A card was shown; `message` lets it be replaced later."""

    message: str


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Not now. `after_seconds` is what the platform asked for, of this card or, as `pauses` says, of others too.

    `outage` means that the platform did not answer properly, whatever the card.
    """

    problem: str
    after_seconds: float | None = None
    pauses: "Pauses" = "this card"
    outage: bool = False


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """Never, and why. `instead` is a place that may work."""

    problem: str
    instead: str = ""


class Messenger(Protocol):
    """A platform, as the outbox uses it."""

    limits: Limits

    def place(self, address: str) -> str:
        """Where an address leads, as the platform counts messages; "" where it does not count."""

    async def show(self, address: str, card: Card, message: str, receipt: str = "") -> Sent | RetryLater | Undeliverable:
        """Post the card, or replace the message that shows it. Never raises for what a platform may do."""

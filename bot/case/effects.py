"""What may follow from an event: tell somebody, wake me later, or do another order now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Tell:
    """Show a person the case in a part they have in it; a known copy is redrawn instead of sent again.

    `nudge` names a reply that is shown on top, and makes it a new message: a reminder nobody sees is none.
    """

    person: str
    part: str
    nudge: str = ""


@dataclass(frozen=True, slots=True)
class Wake:
    """Give this order at that time. One key is one timer: a new time replaces the old one; None takes it away."""

    key: str
    at: datetime | None
    command: Any = None


@dataclass(frozen=True, slots=True)
class Do:
    """Give the case that an order names this order now, in the same transaction."""

    command: Any


Effect = Tell | Wake | Do

"""What every case has: orders that may be refused, and facts about who gave them.

A workflow's `decide` turns an order into events, or into Refused; `evolve` folds an event into the next state; `react`
says what follows from it. All three are pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives an order: the person, and the account they used. Our own clock has neither."""

    person: str = ""
    account: str = ""


#: Orders that a timer gives.
CLOCK = Actor()


@dataclass(frozen=True, slots=True)
class Refused:
    """An order that is not carried out. `wording` names the reply that says why and what to do."""

    wording: str
    values: Mapping[str, str] = field(default_factory=dict)
    #: Whether what the person looked at was out of date, so that it is shown afresh.
    outdated: bool = False

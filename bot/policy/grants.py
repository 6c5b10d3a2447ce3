"""Grants: recorded permissions that change exactly the answers they cover."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class GrantKind(StrEnum):
    """What a grant lifts: the condition of a cell, or its prohibition."""

    APPROVAL = "approval"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may do what until when. `team` is a department; where it is empty the grant is one person's.

    `conditions` stay to be kept; the case is the record that it rests on. `tier` is what the tool had when it was granted:
    a tool that was downgraded since has lost its grants too.
    """

    id: str
    kind: GrantKind
    person: str
    team: str
    tool: str
    tier: str
    data: str
    until: date
    conditions: str = ""

    def covers(self, person: str, team: str, day: date) -> bool:
        """Whether somebody may use it on this day."""
        return day <= self.until and (self.person == person or (bool(self.team) and self.team == team))

"""The orders the AI tool register takes."""

from dataclasses import dataclass
from datetime import date

from bot.case.base import Actor
from bot.policy.model import Status


@dataclass(frozen=True, slots=True)
class AssignTier:
    """Give a tool a tier, with what the decision asks for; an unknown tool enters the register.

    `record` is the case that the entry rests on; `owner` the role that answers for it.
    """

    by: Actor
    tool: str
    tier: str
    record: str
    owner: str = ""
    conditions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Suspend a tool, retire it, or make it active again, with the reason."""

    by: Actor
    tool: str
    status: Status
    reason: str


Command = AssignTier | SetStatus

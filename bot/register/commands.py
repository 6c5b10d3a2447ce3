"""The orders the AI tool register takes."""

from dataclasses import dataclass
from datetime import date

from bot.case.base import Actor
from bot.policy.model import Status


@dataclass(frozen=True, slots=True)
class AssignTier:
    """Give a tool a tier, with what the decision asks for; an unknown tool enters the register.

    `record` is the case that the entry rests on; `owner` the role that answers for it. `takes_back` gives up what that case
    changed: it does nothing to an entry that rests on something else by now. Only an approval `revives` a retired tool.
    """

    by: Actor
    tool: str
    tier: str
    record: str
    owner: str = ""
    conditions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    review_by: date | None = None
    takes_back: bool = False
    revives: bool = False


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Suspend a tool, retire it, or make it active again, with the reason; `only_from` where it must have that status now."""

    by: Actor
    tool: str
    status: Status
    reason: str
    only_from: Status | None = None


Command = AssignTier | SetStatus

"""What `decide` needs to know beside the state, and what follows from it: the tier and the end that can be given. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.case.base import Refused
from bot.people.authority import Approver
from bot.people.model import Known, same_person
from bot.policy.process import Seat
from bot.requests.commands import Answered
from bot.requests.state import Request, Terms


@dataclass(frozen=True, slots=True)
class Facts:
    """What `decide` needs to know beside the state, read in the same turn."""

    now: datetime
    day: date
    known: Known
    #: Who may fill each seat now, by the seat's id.
    approvers: dict[str, tuple[Approver, ...]]
    #: What a new or changed request would be judged by.
    terms: Terms
    #: The best tier that the confirmed facts allow, and the tiers that are at most as good.
    ceiling: str = ""
    allowed_tiers: frozenset[str] = frozenset()
    #: The tool's tier and conditions so far; the tier of unregistered tools for one that is not registered.
    tier_now: str = ""
    conditions_now: tuple[str, ...] = ()
    #: Whether the tool can be put under evaluation: there is a tier for that, and the tool counts as unregistered.
    may_evaluate: bool = False
    evaluation_tier: str = ""
    emergency: frozenset[str] = frozenset()
    escalation: tuple[Approver, ...] = ()
    escalation_role: str = ""
    last_day: date | None = None

    def seats_of(self, request: Request, person: str) -> list[tuple[Seat, Approver]]:
        """The waiting seats that this person may fill, and why."""
        found = []
        for seat in request.waiting:
            for approver in self.approvers.get(seat.id, ()):
                if approver.person == person and not any(a.seat == seat.id and same_person(a.person, person) for a in request.approvals):
                    found.append((seat, approver))
        return found

    def could_decide(self, request: Request, person: str) -> bool:
        """Whether this person may fill any seat of the request, waiting or not."""
        return any(approver.person == person for seat in request.terms.seats for approver in self.approvers.get(seat.id, ()))


def tier_of(state: Request, facts: Facts) -> str:
    """The tier that a tool gets: what the approvers said at most, and never more than the facts allow."""
    if state.kind not in ("tool", "change"):
        return ""
    return state.tier if state.tier in facts.allowed_tiers else facts.ceiling


def end_of(state: Request, facts: Facts) -> date | None:
    """Until when what is granted holds: the earliest of what was asked for, what was said, and the longest there is."""
    days = [day for day in (state.until, asked_end(state.answers)) if day]
    if state.kind in ("data", "exception") and facts.last_day:
        days.append(facts.last_day)
    return min(days, default=None)


def asked_end(answers: Answered) -> date | None:
    """Until when something is asked for."""
    asked = dict(answers).get("until", ())
    return date.fromisoformat(asked[0]) if asked else None


def no_such_end(until: date | None, facts: Facts) -> Refused | None:
    """Why something cannot hold until this day: it has passed, or is too far off."""
    if until and until <= facts.day:
        return Refused("req_until_past")
    if until and facts.last_day and until > facts.last_day:
        return Refused("req_until_far", {"last": facts.last_day.isoformat()})
    return None


def nothing_to_give(state: Request, facts: Facts) -> Refused | None:
    """A tool whose confirmed facts allow no tier at all cannot be approved."""
    return Refused("req_gives_nothing") if state.kind in ("tool", "change") and not facts.ceiling else None

"""A request as it stands: its phase, its terms, who said yes, what was said. Frozen values."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.policy.process import Seat
from bot.requests.commands import Answered


class Phase(StrEnum):
    """Where a request stands. Only OPEN ones are decided; PAUSED ones wait for an answer of the asker."""

    OPEN = "open"
    PAUSED = "paused"
    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"


UNDECIDED = (Phase.OPEN, Phase.PAUSED)


@dataclass(frozen=True, slots=True)
class Approval:
    """One yes: for which seat, by whom, with which account, when, and whose place they took."""

    seat: str
    person: str
    account: str
    at: datetime
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A question, an answer or a comment."""

    person: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request was judged by when it was filed: frozen, so that later content changes nothing of it."""

    policy_version: str
    impact: str
    service: str
    reasons: tuple[str, ...]
    seats: tuple[Seat, ...]
    accepts_risk: str
    due_at: datetime
    warn_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands. `revision` counts whatever those who decide have to look at again."""

    id: str
    kind: str
    asker: str
    filed_by: str
    subject: str
    answers: Answered
    verdict: str
    receipt: str
    terms: Terms
    opened_at: datetime
    revision: int = 1
    phase: Phase = Phase.OPEN
    approvals: tuple[Approval, ...] = ()
    facts: tuple[str, ...] = ()
    tier: str = ""
    before: str = ""
    conditions_before: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    until: date | None = None
    question: str = ""
    asked_by: str = ""
    paused_at: datetime | None = None
    remarks: tuple[Remark, ...] = ()
    delegated: tuple[tuple[str, str], ...] = ()
    joined: tuple[str, ...] = ()
    decided_by: str = ""
    decided_with: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    emergency: bool = False
    reviewed_by: str = ""
    escalated: bool = False
    suspended: bool = False
    #: Whether the tool was put under evaluation for this request; then `before` is its tier until then.
    evaluating: bool = False
    #: Who confirmed last that safeguards are kept, or that everybody's access is removed.
    attested_by: str = ""
    attested_at: datetime | None = None
    undone: int = 0

    def answer(self, question: str) -> tuple[str, ...]:
        """What was answered to a question."""
        return dict(self.answers).get(question, ())

    def filled(self, seat: Seat) -> int:
        """How many have said yes on a seat."""
        return sum(approval.seat == seat.id for approval in self.approvals)

    @property
    def stage(self) -> int:
        """The first stage with a seat that is not filled; 0 where there is none."""
        return min((seat.stage for seat in self.terms.seats if self.filled(seat) < seat.need), default=0)

    @property
    def waiting(self) -> tuple[Seat, ...]:
        """The seats that can be filled now."""
        return tuple(seat for seat in self.terms.seats if seat.stage == self.stage and self.filled(seat) < seat.need)


def decided_nothing(state: Request) -> Request:
    """The request as if nobody had decided anything yet."""
    return replace(
        state, approvals=(), conditions=(), tier="", until=None, decided_by="", decided_with="", decided_at=None, reason="", emergency=False,
        reviewed_by="", escalated=False, suspended=False, attested_by="", attested_at=None, delegated=(),
    )  # fmt: skip

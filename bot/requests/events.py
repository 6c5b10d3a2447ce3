"""What happens to a request: the events, and `evolve`, which folds one into the state. Pure.

The log of events rebuilds the state. `public` of an event is what the audit log keeps for good: ids and numbers, no names
and no texts; the rest stands in an erasable side row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from bot.case.base import Actor
from bot.policy.process import Seat
from bot.requests.commands import Answered
from bot.requests.state import Approval, Phase, Remark, Request, Terms, decided_nothing


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a request."""

    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Submitted(Event):
    """It was filed, and judged."""

    id: str
    kind: str
    asker: str
    subject: str
    answers: Answered
    verdict: str
    receipt: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Joined(Event):
    """Somebody else asks for the same."""

    asker: str


@dataclass(frozen=True, slots=True)
class Edited(Event):
    """The asker changed it; earlier approvals do not cover the new text."""

    subject: str
    answers: Answered
    terms: Terms


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """The asker took it back."""


@dataclass(frozen=True, slots=True)
class MoreAsked(Event):
    """The clock stops for a question."""

    question: str


@dataclass(frozen=True, slots=True)
class MoreGiven(Event):
    """The question is answered; the promised day moves by as long as it took."""

    answer: str
    due_at: datetime
    warn_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Commented(Event):
    """Somebody said something."""

    text: str


@dataclass(frozen=True, slots=True)
class Delegated(Event):
    """Somebody else decides in one's place."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class FactsConfirmed(Event):
    """What is on file about tool and vendor."""

    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvaluationStarted(Event):
    """The tool is being evaluated. `before` is its tier so far."""

    before: str


@dataclass(frozen=True, slots=True)
class ApprovalGiven(Event):
    """A yes for these seats."""

    seats: tuple[str, ...]
    revision: int
    conditions: str
    tier: str
    until: date | None
    instead_of: str


@dataclass(frozen=True, slots=True)
class Granted(Event):
    """Every seat has said yes, or one person has in an emergency. `before` is the tool's tier so far."""

    tier: str
    until: date | None
    before: str
    conditions_before: tuple[str, ...] = ()
    emergency: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Denied(Event):
    """A no, with the reason."""

    revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reviewed(Event):
    """An emergency decision was looked at afterwards."""


@dataclass(frozen=True, slots=True)
class Undone(Event):
    """The decision was wrong: what follows from it is taken back, and it is open again."""

    reason: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Reminded(Event):
    """Those who have not decided were reminded; or warned, or the safeguards' owner was."""

    what: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Escalated(Event):
    """The promised day has passed; somebody else is asked as well."""

    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Expired(Event):
    """Nobody decided. That is no denial."""


@dataclass(frozen=True, slots=True)
class Ended(Event):
    """What was granted has come to its end."""


@dataclass(frozen=True, slots=True)
class Suspended(Event):
    """The safeguards were not confirmed again: what was granted does not hold until they are."""


@dataclass(frozen=True, slots=True)
class Reattested(Event):
    """The safeguards are kept; or, of a retired tool, everybody's access is removed."""


EVENTS = (
    Submitted, Joined, Edited, Withdrawn, MoreAsked, MoreGiven, Commented, Delegated, FactsConfirmed, EvaluationStarted, ApprovalGiven, Granted,
    Denied, Reviewed, Undone, Reminded, Escalated, Expired, Ended, Suspended, Reattested,
)  # fmt: skip
PUBLIC = frozenset(("kind", "verdict", "receipt", "seats", "revision", "tier", "until", "before", "emergency", "facts", "what", "number"))


def public(event: Event) -> Mapping[str, str | int]:
    """What the audit log keeps of an event: ids and numbers."""
    found: dict[str, str | int] = {}
    for field in fields(event):
        if field.name in PUBLIC:
            value = getattr(event, field.name)
            if isinstance(value, tuple):
                value = ",".join(item.id if isinstance(item, Seat) else str(item) for item in value)
            found[field.name] = value if isinstance(value, int) else "" if value is None else str(value)
    if isinstance(event, Submitted):
        found |= {"impact": event.terms.impact, "policy": event.terms.policy_version, "route": ",".join(seat.id for seat in event.terms.seats)}
    return found


def evolve(state: Request | None, event: Event) -> Request:
    """The request after an event."""
    if isinstance(event, Submitted):
        filed = event.by.person
        return Request(
            event.id, event.kind, event.asker, filed, event.subject, event.answers, event.verdict, event.receipt, event.terms, event.at
        )  # fmt: skip
    assert state is not None, "a request begins with Submitted"
    match event:
        case Joined(by=by, asker=asker):
            return replace(state, joined=tuple(dict.fromkeys((*state.joined, asker, by.person))))
        case Edited(subject=subject, answers=answers, terms=terms):
            again = replace(decided_nothing(state), phase=Phase.OPEN, question="", asked_by="", paused_at=None)
            return replace(again, subject=subject, answers=answers, terms=terms, revision=state.revision + 1)
        case Withdrawn(at=at):
            return replace(state, phase=Phase.WITHDRAWN, decided_at=at)
        case MoreAsked(by=by, at=at, question=question):
            return replace(state, phase=Phase.PAUSED, question=question, asked_by=by.person, paused_at=at, remarks=remark(state, event, question))
        case MoreGiven(answer=answer):
            terms = replace(state.terms, due_at=event.due_at, warn_at=event.warn_at, expires_at=event.expires_at)
            open_again = replace(state, phase=Phase.OPEN, question="", asked_by="", paused_at=None, terms=terms, revision=state.revision + 1)
            return replace(open_again, remarks=remark(state, event, answer))
        case Commented(text=text):
            return replace(state, remarks=remark(state, event, text))
        case Delegated(by=by, to=to):
            return replace(state, delegated=(*state.delegated, (by.person, to)))
        case FactsConfirmed(facts=facts):
            return replace(state, facts=facts, revision=state.revision + 1)
        case EvaluationStarted(before=before):
            return replace(state, evaluating=True, before=before)
        case ApprovalGiven(by=by, at=at):
            given = tuple(Approval(seat, by.person, by.account, at, event.instead_of) for seat in event.seats)
            conditions = (*state.conditions, event.conditions) if event.conditions else state.conditions
            until = min((day for day in (state.until, event.until) if day), default=None)
            return replace(state, approvals=(*state.approvals, *given), conditions=conditions, tier=event.tier or state.tier, until=until)
        case Granted(by=by, at=at):
            ended = replace(
                state, phase=Phase.APPROVED, decided_by=by.person, decided_with=by.account, decided_at=at, before=event.before, evaluating=False
            )
            ended = replace(ended, conditions_before=event.conditions_before)
            return replace(ended, tier=event.tier, until=event.until, emergency=event.emergency, reason=event.reason, question="", paused_at=None)
        case Denied(by=by, at=at, reason=reason):
            return replace(state, phase=Phase.DENIED, decided_by=by.person, decided_with=by.account, decided_at=at, reason=reason)
        case Reviewed(by=by):
            return replace(state, reviewed_by=by.person)
        case Undone(reason=reason, terms=terms):
            again = replace(decided_nothing(state), phase=Phase.OPEN, terms=terms, revision=state.revision + 1, undone=state.undone + 1)
            return replace(again, remarks=remark(state, event, reason))
        case Escalated(seats=seats):
            return replace(state, escalated=True, terms=replace(state.terms, seats=seats))
        case Expired(at=at):
            return replace(state, phase=Phase.EXPIRED, decided_at=at)
        case Ended():
            return replace(state, phase=Phase.ENDED)
        case Suspended():
            return replace(state, suspended=True)
        case Reattested(by=by, at=at):
            return replace(state, suspended=False, attested_by=by.person, attested_at=at)
        case _:
            return state


def remark(state: Request, event: Event, text: str) -> tuple[Remark, ...]:
    """The remarks with one more."""
    return (*state.remarks, Remark(event.by.person, event.at, text))

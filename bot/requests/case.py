"""What may be done with a request, by whom and when: `decide`, a pure function of state, order and facts.

    order           who                                  while
    Submit          anybody who may ask                  it is new
    Join            anybody else                         open, paused
    Edit            the asker                            open, paused; denied, withdrawn, expired (files it again)
    Withdraw        the asker                            open, paused
    Approve, Deny   who may fill a seat that waits       open
    AskMore, ConfirmFacts, Delegate, Evaluate   the same open (facts: paused too)
    GiveMore        the asker                            paused
    Comment         anybody involved                     always
    BreakGlass      holders of the emergency roles       open, paused
    Review          who could decide, but not who did    approved in an emergency
    Undo            who could decide                     approved, denied
    Reattest        the owner of the safeguards          approved
    timers          our clock                            as it fits; else nothing happens

Nobody decides their own request, whichever account, stand-in or role they come with.
"""

from bot.case.base import Refused
from bot.people.authority import Why
from bot.people.model import same_person
from bot.policy.process import Seat
from bot.requests import commands as c
from bot.requests.events import (
    ApprovalGiven,
    Commented,
    Delegated,
    Denied,
    Edited,
    Ended,
    Escalated,
    EvaluationStarted,
    Event,
    Expired,
    FactsConfirmed,
    Granted,
    Joined,
    MoreAsked,
    MoreGiven,
    Reattested,
    Reminded,
    Reviewed,
    Submitted,
    Suspended,
    Undone,
    Withdrawn,
    evolve,
)
from bot.requests.facts import Facts, asked_end, end_of, no_such_end, nothing_to_give, tier_of
from bot.requests.state import UNDECIDED, Phase, Request

EDITABLE = (*UNDECIDED, Phase.DENIED, Phase.WITHDRAWN, Phase.EXPIRED)


Events = tuple[Event, ...]


def decide(state: Request | None, order: c.Command, facts: Facts, id: str = "") -> Events | Refused:
    """The events of an order, or why it is refused. A timer's order that no longer fits gives no events."""
    if state is None:
        return submit(order, facts, id) if isinstance(order, c.Submit) else Refused("req_unknown")
    match order:
        case c.Submit():
            return Refused("req_unknown")
        case c.Join():
            return join(state, order, facts)
        case c.Edit():
            return edit(state, order, facts)
        case c.Withdraw():
            if not own(state, order.by.person):
                return Refused("req_not_yours_to_change")
            return (Withdrawn(order.by, facts.now),) if state.phase in UNDECIDED else over(state, facts)
        case c.Approve():
            return approve(state, order, facts)
        case c.Deny():
            return barred(state, order.by.person, facts, order.seen) or (Denied(order.by, facts.now, state.revision, order.reason),)
        case c.AskMore():
            return barred(state, order.by.person, facts) or (MoreAsked(order.by, facts.now, order.question),)
        case c.GiveMore():
            return give_more(state, order, facts)
        case c.Comment():
            return (Commented(order.by, facts.now, order.text),) if involved(state, order.by.person, facts) else Refused("req_unknown")
        case c.Delegate():
            return delegate(state, order, facts)
        case c.ConfirmFacts():
            if state.phase is Phase.PAUSED and facts.seats_of(state, order.by.person):
                return (FactsConfirmed(order.by, facts.now, order.facts),)
            return barred(state, order.by.person, facts) or (FactsConfirmed(order.by, facts.now, order.facts),)
        case c.Evaluate():
            return barred(state, order.by.person, facts) or evaluate(state, order, facts)
        case c.BreakGlass():
            return break_glass(state, order, facts)
        case c.Review():
            if not state.emergency or state.reviewed_by or state.phase is not Phase.APPROVED:
                return Refused("req_nothing_to_review")
            if order.by.person == state.decided_by or wants_it(state, order.by.person) or not facts.could_decide(state, order.by.person):
                return Refused("req_review_by_other")
            return (Reviewed(order.by, facts.now),)
        case c.Undo():
            if state.phase not in (Phase.APPROVED, Phase.DENIED):
                return over(state, facts) if state.phase not in UNDECIDED else Refused("req_still_open")
            if wants_it(state, order.by.person):
                return Refused("req_own")
            if not facts.could_decide(state, order.by.person):
                return Refused("req_not_yours", {"roles": roles_of(state.terms.seats)})
            return (Undone(order.by, facts.now, order.reason, facts.terms),)
        case c.Reattest():
            owner = state.answer("controls_owner")
            if state.phase is not Phase.APPROVED or not owner or not same_person(owner[0], order.by.person):
                return Refused("req_not_owner_of_controls")
            return (Reattested(order.by, facts.now),)
        case _:
            return tick(state, order, facts)


def submit(order: c.Submit, facts: Facts, id: str) -> Events | Refused:
    """A new request. What it asks for must be possible at all."""
    if refused := no_such_end(asked_end(order.answers), facts):
        return refused
    filed = Submitted(order.by, facts.now, id, order.kind, order.asker, order.subject, order.answers, order.verdict, order.receipt, facts.terms)
    return (filed,)


def join(state: Request, order: c.Join, facts: Facts) -> Events | Refused:
    """One more who wants the same; no more than once."""
    if state.phase not in UNDECIDED:
        return over(state, facts)
    if own(state, order.asker) or order.asker in state.joined:
        return Refused("req_already_yours", {"request": state.id})
    return (Joined(order.by, facts.now, order.asker),)


def edit(state: Request, order: c.Edit, facts: Facts) -> Events | Refused:
    """The asker's own change; what was approved of the old text no longer counts."""
    if not own(state, order.by.person):
        return Refused("req_not_yours_to_change")
    if state.phase not in EDITABLE:
        return over(state, facts)
    if refused := no_such_end(asked_end(order.answers), facts):
        return refused
    return (Edited(order.by, facts.now, order.subject, order.answers, facts.terms),)


def give_more(state: Request, order: c.GiveMore, facts: Facts) -> Events | Refused:
    """The answer that was waited for; the promised day moves by the time it took."""
    if not own(state, order.by.person):
        return Refused("req_not_yours_to_change")
    if state.phase is not Phase.PAUSED or state.paused_at is None:
        return Refused("req_nothing_asked")
    waited = facts.now - state.paused_at
    terms = state.terms
    return (MoreGiven(order.by, facts.now, order.answer, terms.due_at + waited, terms.warn_at + waited, terms.expires_at + waited),)


def approve(state: Request, order: c.Approve, facts: Facts) -> Events | Refused:
    """A yes for every waiting seat this person may fill; the last one grants."""
    if refused := barred(state, order.by.person, facts, order.seen):
        return refused
    if order.tier and order.tier not in facts.allowed_tiers:
        return Refused("req_tier_too_high", {"tier": order.tier, "ceiling": facts.ceiling})
    if refused := no_such_end(order.until, facts) or nothing_to_give(state, facts):
        return refused
    mine = facts.seats_of(state, order.by.person)
    instead = next((approver.instead_of for _, approver in mine if approver.instead_of), "")
    seats = tuple(seat.id for seat, _ in mine)
    given = ApprovalGiven(order.by, facts.now, seats, state.revision, order.conditions, order.tier, order.until, instead)
    after = evolve(state, given)
    if after.stage:
        return (given,)
    before = state.before if state.evaluating else facts.tier_now
    return given, Granted(order.by, facts.now, tier_of(after, facts), end_of(after, facts), before, facts.conditions_now)


def evaluate(state: Request, order: c.Evaluate, facts: Facts) -> Events | Refused:
    """A tool that nothing is allowed with yet is put under evaluation; one that stands better stays where it is."""
    if state.kind != "tool" or state.evaluating or not facts.may_evaluate:
        return Refused("req_no_evaluation")
    return (EvaluationStarted(order.by, facts.now, facts.tier_now),)


def break_glass(state: Request, order: c.BreakGlass, facts: Facts) -> Events | Refused:
    """An emergency: one holder of an emergency role grants at once; it is reviewed afterwards."""
    if state.phase not in UNDECIDED:
        return over(state, facts)
    if wants_it(state, order.by.person):
        return Refused("req_own")
    if order.by.person not in facts.emergency:
        return Refused("req_no_emergency_role")
    if refused := no_such_end(order.until, facts) or nothing_to_give(state, facts):
        return refused
    return (
        Granted(order.by, facts.now, tier_of(state, facts), order.until, facts.tier_now, facts.conditions_now, emergency=True, reason=order.reason),
    )


def delegate(state: Request, order: c.Delegate, facts: Facts) -> Events | Refused:
    """Somebody else decides this one; whoever got it by delegation does not pass it on."""
    if refused := barred(state, order.by.person, facts):
        return refused
    if any(approver.why in (Why.DELEGATE, Why.STAND_IN) for _, approver in facts.seats_of(state, order.by.person)):
        return Refused("req_delegated_on")
    if wants_it(state, order.to):
        return Refused("req_own_delegate")
    if not facts.known.active(order.to) or same_person(order.to, order.by.person):
        return Refused("req_nobody", {"person": order.to})
    return (Delegated(order.by, facts.now, order.to, order.reason),)


def tick(state: Request, order: c.Command, facts: Facts) -> Events:
    """What a timer does, where it still fits."""
    is_open, granted = state.phase is Phase.OPEN, state.phase is Phase.APPROVED
    match order:
        case c.Remind(by=by, number=number) if is_open:
            return (Reminded(by, facts.now, "reminder", number),)
        case c.Warn(by=by) if is_open and facts.now < state.terms.due_at:
            return (Reminded(by, facts.now, "warning"),)
        case c.Escalate(by=by) if is_open and not state.escalated:
            return (Escalated(by, facts.now, widened(state, facts.escalation_role)),)
        case c.Expire(by=by) if state.phase in UNDECIDED and facts.now >= state.terms.expires_at:
            return (Expired(by, facts.now),)
        case c.Expire(by=by) if granted and state.until and facts.day > state.until:
            return (Ended(by, facts.now),)
        case c.WarnOfEnd(by=by, what=("end" | "controls") as what) if granted:
            return (Reminded(by, facts.now, what),)
        case c.WarnOfEnd(by=by, what="suspend") if granted and not state.suspended:
            return (Suspended(by, facts.now),)
        case _:
            return ()


def widened(state: Request, role: str) -> tuple[Seat, ...]:
    """The seats, where those that wait may also be filled by the holders of one more role."""
    waiting = {seat.id for seat in state.waiting}
    return tuple(
        Seat(seat.id, seat.stage, (*seat.roles, role), seat.need) if seat.id in waiting and role and role not in seat.roles else seat
        for seat in state.terms.seats
    )


def own(state: Request, person: str) -> bool:
    """Whether the request is this person's own: they asked, or filed it, by whatever address."""
    return same_person(person, state.asker) or same_person(person, state.filed_by)


def wants_it(state: Request, person: str) -> bool:
    """Whether somebody asked for this, first or as one more; then somebody else decides."""
    return own(state, person) or any(same_person(person, other) for other in state.joined)


def involved(state: Request, person: str, facts: Facts) -> bool:
    """Whether somebody has a part in the request."""
    return wants_it(state, person) or facts.could_decide(state, person)


def barred(state: Request, person: str, facts: Facts, seen: int | None = None) -> Refused | None:
    """Why this person cannot decide now; None where they can."""
    if state.phase not in UNDECIDED:
        return over(state, facts)
    if wants_it(state, person):
        return Refused("req_own")
    if not facts.seats_of(state, person):
        if any(same_person(approval.person, person) for approval in state.approvals):
            return Refused("req_said_already", outdated=True)
        return Refused("req_not_yours", {"roles": roles_of(state.waiting)})
    if state.phase is Phase.PAUSED:
        return Refused("req_paused", {"person": facts.known.name(state.asker)}, outdated=True)
    if seen is not None and seen != state.revision:
        return Refused("req_changed", outdated=True)
    return None


def over(state: Request, facts: Facts) -> Refused:
    """It has been decided, or has ended otherwise: by whom and when."""
    when = state.decided_at.strftime("%Y-%m-%d %H:%M UTC") if state.decided_at else ""
    if state.decided_by:
        return Refused(f"req_over_{state.phase.value}", {"person": facts.known.name(state.decided_by), "when": when}, outdated=True)
    return Refused(f"req_over_{state.phase.value}", {"person": facts.known.name(state.asker), "when": when}, outdated=True)


def roles_of(seats: tuple[Seat, ...]) -> str:
    """The ids of these seats' roles, with commas between them."""
    return ",".join(dict.fromkeys(role for seat in seats for role in seat.roles))

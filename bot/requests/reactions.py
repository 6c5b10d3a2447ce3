"""What follows from what happened to a request: who is told, what is done, and when it is looked at again. Pure.

Every copy of every card of the case is redrawn whenever anything happens; what is named here is who is told anew.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.calendar import Calendar, instant, morning_after, working_day_after
from bot.case.base import CLOCK, Actor
from bot.case.effects import Do, Effect, Tell, Wake
from bot.people.authority import is_away
from bot.policy.grants import Grant, GrantKind
from bot.policy.model import Status
from bot.policy.process import Clock
from bot.register.commands import AssignTier, SetStatus
from bot.requests import commands as c
from bot.requests import events as e
from bot.requests.facts import Facts
from bot.requests.grants import EndGrant, GiveGrant
from bot.requests.state import Phase, Request

ASKER, APPROVER, JOINED, CONTROLS = "asker", "approver", "joined", "controls"
GRANTING = {"data": GrantKind.APPROVAL, "exception": GrantKind.EXCEPTION}


def react(before: Request | None, after: Request, event: e.Event, facts: Facts, calendar: Calendar, clock: Clock, team: str) -> Iterator[Effect]:
    """The effects of one event.

    Shapes   calendar: the asker's site; team: the asker's department.
    """
    id = after.id
    match event:
        case e.Submitted():
            yield Tell(after.asker, ASKER)
            if event.by.person and event.by.person != after.asker:
                yield Tell(event.by.person, ASKER)
            yield from ask(after, facts)
            yield from clocks(after, facts.now, calendar, clock)
        case e.Joined(by=by, asker=asker):
            for person in dict.fromkeys((asker, by.person)):
                yield Tell(person, JOINED, "req_nudge_joined")
        case e.Edited():
            yield Tell(after.asker, ASKER)
            yield from ask(after, facts, "req_nudge_changed")
            yield from clocks(after, facts.now, calendar, clock)
        case e.EvaluationStarted(by=by):
            yield Do(AssignTier(by, after.subject, facts.evaluation_tier, id))
            yield from tell_askers(after, "req_nudge_evaluation")
        case e.Withdrawn() | e.Expired():
            yield Wake(f"{id}/", None)
            yield from evaluation_over(after, event.by)
            if isinstance(event, e.Expired):
                yield from tell_askers(after, "req_nudge_expired")
        case e.MoreAsked():
            yield from tell_askers(after, "req_nudge_more")
        case e.MoreGiven():
            yield from ask(after, facts, "req_nudge_answered")
            yield from clocks(after, facts.now, calendar, clock)
        case e.Commented(by=by):
            yield from commented(after, facts, by)
        case e.Delegated(to=to):
            yield Tell(to, APPROVER)
        case e.ApprovalGiven() if before is not None and after.stage and after.stage != before.stage:
            yield from ask(after, facts)
            yield from reminders(after, facts.now, calendar, clock)
        case e.Granted():
            yield Wake(f"{id}/", None)
            yield from granted(after, facts, calendar, clock, team, event)
            yield from tell_askers(after, "req_nudge_emergency" if event.emergency else "req_nudge_approved")
            if event.emergency:
                yield from ask_all(after, facts, "req_nudge_review")
        case e.Denied():
            yield Wake(f"{id}/", None)
            yield from evaluation_over(after, event.by)
            yield from tell_askers(after, "req_nudge_denied")
        case e.Undone() if before is not None:
            yield Wake(f"{id}/", None)
            yield from taken_back(before, event.by)
            yield from tell_askers(after, "req_nudge_undone")
            yield from ask(after, facts, "req_nudge_undone")
            yield from clocks(after, facts.now, calendar, clock)
        case e.Reminded(what="reminder" | "warning" as what):
            yield from ask(after, facts, f"req_nudge_{what}")
        case e.Reminded(what="end"):
            yield from tell_askers(after, "req_nudge_end")
        case e.Reminded(what="controls") if after.kind == "retire":
            yield from access_to_remove(after, facts, calendar, clock)
        case e.Reminded(what="controls"):
            yield Tell(owner_of_controls(after), CONTROLS, "req_nudge_controls")
            yield Wake(f"{id}/suspend", morning_after(calendar, facts.now, clock.notice_days), c.WarnOfEnd(CLOCK, "suspend"))
        case e.Escalated():
            yield from ask(after, facts, "req_nudge_escalated")
            for approver in facts.escalation:
                yield Tell(approver.person, APPROVER, "req_nudge_escalated")
            yield from tell_askers(after, "req_nudge_late")
        case e.Suspended():
            yield Do(EndGrant(id))
            yield from tell_askers(after, "req_nudge_suspended")
        case e.Reattested() if after.kind == "retire":
            yield Wake(f"{id}/", None)
            yield from tell_askers(after, "req_nudge_access_removed")
        case e.Reattested():
            yield Wake(f"{id}/suspend", None)
            yield from reattested(after, facts, calendar, clock, team)
        case e.Ended() if before is not None:
            yield from taken_back(before, event.by)
            yield Wake(f"{id}/", None)
            yield from tell_askers(after, "req_nudge_ended")
        case _:
            pass


def ask(request: Request, facts: Facts, nudge: str = "") -> Iterator[Effect]:
    """Tell those who can decide now; who is away is not disturbed, their stand-in is."""
    told: set[str] = set()
    for seat in request.waiting:
        for approver in facts.approvers.get(seat.id, ()):
            said = any(approval.person == approver.person and approval.seat == seat.id for approval in request.approvals)
            if approver.person not in told and not said and not is_away(facts.known, approver.person, facts.day):
                told.add(approver.person)
                yield Tell(approver.person, APPROVER, nudge)


def ask_all(request: Request, facts: Facts, nudge: str) -> Iterator[Effect]:
    """Tell everybody who could decide, but for who did."""
    people = {approver.person for seat in request.terms.seats for approver in facts.approvers.get(seat.id, ())}
    for person in sorted(people - {request.decided_by}):
        yield Tell(person, APPROVER, nudge)


def tell_askers(request: Request, nudge: str) -> Iterator[Effect]:
    """Tell who asked, who filed it for them, and who joined."""
    yield Tell(request.asker, ASKER, nudge)
    if request.filed_by != request.asker:
        yield Tell(request.filed_by, ASKER, nudge)
    for person in request.joined:
        yield Tell(person, JOINED, nudge)


def commented(request: Request, facts: Facts, by: Actor) -> Iterator[Effect]:
    """A comment goes to the other side: of the asker to who decides, of anybody else to the asker."""
    if by.person in (request.asker, request.filed_by, *request.joined):
        yield from ask(request, facts, "req_nudge_comment")
    else:
        yield Tell(request.asker, ASKER, "req_nudge_comment")


def reminders(request: Request, now: datetime, calendar: Calendar, clock: Clock) -> Iterator[Effect]:
    """When those who are asked now are reminded: each gap is counted from the asking."""
    for number, days in enumerate(clock.reminders, 1):
        yield Wake(f"{request.id}/remind/{number}", morning_after(calendar, now, days), c.Remind(CLOCK, number))


def clocks(request: Request, now: datetime, calendar: Calendar, clock: Clock) -> Iterator[Effect]:
    """Every timer of an open request."""
    yield from reminders(request, now, calendar, clock)
    terms = request.terms
    yield Wake(f"{request.id}/warn", terms.warn_at, c.Warn(CLOCK))
    yield Wake(f"{request.id}/due", terms.due_at, c.Escalate(CLOCK))
    yield Wake(f"{request.id}/expire", terms.expires_at, c.Expire(CLOCK))


def granted(request: Request, facts: Facts, calendar: Calendar, clock: Clock, team: str, event: e.Granted) -> Iterator[Effect]:
    """What a decision changes: the register, or what somebody may do until a day; and when that is looked at again."""
    if request.kind in ("tool", "change") and request.tier:
        review = min(day for day in (facts.day + timedelta(days=365), request.until) if day)
        order = AssignTier(
            event.by, request.subject, request.tier, request.id, conditions=request.conditions, facts=request.facts, review_by=review, revives=True
        )  # fmt: skip
        yield Do(order)
    if request.kind == "retire":
        yield Do(SetStatus(event.by, request.subject, Status.RETIRED, next(iter(request.answer("purpose")), "")))
        yield from access_to_remove(request, facts, calendar, clock)
    if request.kind in GRANTING and request.until:
        yield Do(GiveGrant(grant_of(request, team)))
    if request.until:
        yield from endings(request, request.until, facts.now, calendar, clock)
    if request.kind == "exception":
        again = facts.day + timedelta(days=clock.reattest_every)
        if request.until and again < request.until:
            yield Wake(f"{request.id}/controls", at_opening(calendar, again), c.WarnOfEnd(CLOCK, "controls"))


def access_to_remove(request: Request, facts: Facts, calendar: Calendar, clock: Clock) -> Iterator[Effect]:
    """Ask for the word that nobody can use a retired tool any more, again and again until it is given (R4)."""
    yield Tell(owner_of_controls(request), CONTROLS, "req_nudge_access")
    yield Wake(f"{request.id}/controls", morning_after(calendar, facts.now, clock.notice_days), c.WarnOfEnd(CLOCK, "controls"))


def grant_of(request: Request, team: str) -> Grant:
    """The grant of an approved data approval or exception."""
    assert request.until is not None
    shared = team if request.answer("who") == ("team",) else ""
    conditions = "; ".join((*request.conditions, *(request.answer("controls") if request.kind == "exception" else ())))
    data = next(iter(request.answer("data")), "")
    return Grant(request.id, GRANTING[request.kind], request.asker, shared, request.subject, request.before, data, request.until, conditions)


def endings(request: Request, until: date, now: datetime, calendar: Calendar, clock: Clock) -> Iterator[Effect]:
    """The warning before the end, and the end."""
    warning = at_opening(calendar, until - timedelta(days=clock.warn_before_end))
    if warning > now:
        yield Wake(f"{request.id}/end-warning", warning, c.WarnOfEnd(CLOCK, "end"))
    yield Wake(f"{request.id}/end", instant(calendar.zone, until + timedelta(days=1), calendar.opens), c.Expire(CLOCK))


def at_opening(calendar: Calendar, day: date) -> datetime:
    """The opening of a day, or of the next working day."""
    return instant(calendar.zone, working_day_after(calendar, day, 0), calendar.opens)


def evaluation_over(request: Request, by: Actor) -> Iterator[Effect]:
    """A tool that was evaluated and got no yes goes back to where it stood."""
    if request.evaluating:
        yield Do(AssignTier(by, request.subject, request.before, request.id, takes_back=True))


def taken_back(before: Request, by: Actor) -> Iterator[Effect]:
    """The consequences of a decision, undone: the tool gets its former tier, the grant ends."""
    if before.phase is not Phase.APPROVED:
        return
    if before.kind in ("tool", "change") and before.tier and before.before:
        yield Do(AssignTier(by, before.subject, before.before, before.id, conditions=before.conditions_before, takes_back=True))
    if before.kind == "retire":
        yield Do(SetStatus(by, before.subject, Status.ACTIVE, "", only_from=Status.RETIRED))
    if before.kind in GRANTING:
        yield Do(EndGrant(before.id))


def reattested(request: Request, facts: Facts, calendar: Calendar, clock: Clock, team: str) -> Iterator[Effect]:
    """The safeguards hold: so does the grant, and the next question is set."""
    if request.until and facts.day <= request.until:
        yield Do(GiveGrant(grant_of(request, team)))
        again = facts.day + timedelta(days=clock.reattest_every)
        if again < request.until:
            yield Wake(f"{request.id}/controls", at_opening(calendar, again), c.WarnOfEnd(CLOCK, "controls"))


def owner_of_controls(request: Request) -> str:
    """Who keeps the safeguards; the asker where nobody is named."""
    return next(iter(request.answer("controls_owner")), request.asker)

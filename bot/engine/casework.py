"""Orders on requests, carried out within one unit: state, events, cards, timers, register and grants, or nothing.

`give` reads the case and the facts, lets the case decide, folds the events, and writes what follows. Whatever the order
leads to in other cases (a tool's tier, a grant) is part of the same unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.calendar import Calendar, due_after, morning_after
from bot.case.base import Refused
from bot.case.effects import Do, Effect, Tell, Wake
from bot.engine.codecs import REQUESTS
from bot.engine.ports import Around, Happened, Unit, Work
from bot.engine.records import CaseView, CaseWrite, Copy, TimerWrite
from bot.engine.registering import change_register, tool_named
from bot.engine.teller import Draw, Teller
from bot.engine.world import World
from bot.people.authority import Approver, approvers
from bot.people.model import Known
from bot.policy.model import Tool
from bot.register.commands import AssignTier, SetStatus
from bot.requests import commands as c
from bot.requests.cards import Seen, request_card
from bot.requests.case import decide, involved
from bot.requests.events import evolve, public
from bot.requests.facts import Facts
from bot.requests.grants import EndGrant, GiveGrant
from bot.requests.reactions import react
from bot.requests.risk import assess, ceiling, within
from bot.requests.state import UNDECIDED, Phase, Request, Terms

MANAGER, POLICY = "manager", "policy"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order: the request as it stands, or why it was refused."""

    request: Request | None
    refused: Refused | None = None
    seen: Seen | None = None


class Casework:
    """Carries out orders; writes nothing itself."""

    def __init__(self, work: Work, teller: Teller) -> None:
        self._work, self._teller = work, teller

    async def load(self, id: str) -> Request | None:
        """A request as it stands."""
        stored = await self._work.case(id)
        if stored is None or not id.startswith("REQ-"):
            return None
        found = REQUESTS.load(stored.state)
        assert isinstance(found, Request)
        return found

    async def give(self, order: c.Command, id: str, world: World, unit: Unit, at: datetime) -> Outcome:
        """Carry out an order on a request, or on a new one where it is Submit."""
        view = CaseView(None) if isinstance(order, c.Submit) else await self._work.case_view(id)
        state = REQUESTS.load(view.stored.state) if view.stored else None
        if state is None and not isinstance(order, c.Submit):
            return Outcome(None, Refused("req_unknown"))
        # Orders rest on the policy, the case and the one tool they change, each of which is guarded by itself; what becomes of
        # other tools and grants meanwhile is nothing to them.
        unit.expects = {name: number for name, number in unit.expects.items() if name == POLICY}
        around = await self._around(state, order, world)
        facts = facts_of(state, order, around.known, world, at, around.tool)
        decided = decide(state, order, facts, id)
        if isinstance(decided, Refused) and state and not has_part(state, order.by.person, facts, view.copies):
            return Outcome(None, Refused("req_unknown"))  # nor does anybody learn that there is such a request
        if isinstance(decided, Refused):
            seen = seen_of(state, facts, world, view.place) if state else None
            if decided.outdated and state and seen:
                self._teller.redraw(state.id, view.copies, drawer(state, seen, world), unit)
            return Outcome(state, decided, seen)
        if not decided:
            return Outcome(state)
        after: Request | None = state
        effects: list[Effect] = []
        for event in decided:
            before, after = after, evolve(after, event)
            facts = replace(facts, approvers=seats_filled(after, around.known, world, facts.day))
            calendar = world.process.calendars.of(location(around.known, after.asker))
            entry = around.known.people.get(after.asker)
            team = entry.department if entry else ""
            effects += react(before, after, event, facts, calendar, world.process.clock, team)
            unit.events.append(Happened(f"Request{type(event).__name__}", after.id, event.by.account, public(event), REQUESTS.dump(event)))
        assert after is not None
        self._write(after, view.stored.version if view.stored else 0, facts, unit)
        now_seen = seen_of(after, facts, world, view.place)
        self._follow(effects, after, now_seen, view.copies, around, world, unit, at)
        return Outcome(after, None, now_seen)

    async def shown(self, request: Request, world: World, at: datetime) -> Seen:
        """What a card of a request says beside its state, now."""
        view, around = await self._work.case_view(request.id), await self._around(request, None, world)
        return seen_of(request, facts_of(request, None, around.known, world, at, around.tool), world, view.place)

    async def _around(self, state: Request | None, order: c.Command | None, world: World) -> Around:
        """Everybody who has or may get a part in this, and the tool it is about."""
        emails = {email for role in relevant_roles(state, order, world) for email in world.policy.roles.get(role, ())}
        if state is not None:
            emails |= {
                state.asker,
                state.filed_by,
                state.decided_by,
                state.reviewed_by,
                *state.joined,
                *(to for pair in state.delegated for to in pair),
            }
            emails |= {remark.person for remark in state.remarks} | {approval.person for approval in state.approvals}
            emails |= {*state.answer("controls_owner"), state.attested_by}
        if order is not None:
            emails.add(order.by.person)
        if isinstance(order, c.Submit | c.Join):
            emails.add(order.asker)
        if isinstance(order, c.Delegate):
            emails.add(order.to)
        subject = order.subject if isinstance(order, c.Submit | c.Edit) else state.subject if state else ""
        tool = tool_named(world, subject)
        return await self._work.around(frozenset(emails - {""}), self._teller.platforms, tool.name if tool else subject)

    def _write(self, request: Request, version: int, facts: Facts, unit: Unit) -> None:
        is_open = request.phase in UNDECIDED
        unit.cases.append(
            CaseWrite(
                request.id,
                request.kind,
                version,
                request.phase.value,
                open_key(request.kind, request.asker, request.subject, request.answer("data")) if is_open else None,
                request.asker,
                request.subject[:300],
                request.opened_at,
                request.terms.due_at,
                REQUESTS.dump(request),
                waiting_people(request, facts),
            )
        )

    def _follow(
        self,
        effects: Iterable[Effect],
        request: Request,
        seen: Seen,
        copies: Sequence[Copy],
        around: Around,
        world: World,
        unit: Unit,
        at: datetime,
    ) -> None:
        """Carry the effects out; every copy of the request is redrawn once, whatever happened."""
        tells: list[Tell] = []
        for effect in effects:
            match effect:
                case Tell():
                    tells.append(effect)
                case Wake(key=key, at=when, command=command):
                    unit.timers.append(TimerWrite(key, request.id, when, REQUESTS.dump(command) if command is not None else ""))
                case Do(command=GiveGrant(grant=grant)):
                    unit.grants.append(grant)
                    unit.events.append(Happened("GrantGiven", grant.id, "", {"tool": grant.tool, "data": grant.data, "until": str(grant.until)}))
                case Do(command=EndGrant(id=id)):
                    unit.ended_grants.append(id)
                    unit.events.append(Happened("GrantEnded", id))
                case Do(command=order):
                    assert isinstance(order, AssignTier | SetStatus), "what a request does, it does to grants and to the register"
                    change_register(order, around.tool, world.policy, world.process.calendars.own.day_of(at), unit, at)
        self._teller.tell(request.id, copies, tells, around, drawer(request, seen, world), unit)


def drawer(request: Request, seen: Seen, world: World) -> Draw:
    """Draws the cards of a request."""
    say = world.say()
    return lambda part, person, nudge: request_card(say, request, seen, part, person, nudge)


def seen_of(request: Request, facts: Facts, world: World, place: int) -> Seen:
    """What a card says beside the state."""
    highest = ceiling(world.policy, world.process, request.facts)
    calendar = world.process.calendars.of(location(facts.known, request.asker))
    shown = place if request.phase is Phase.OPEN else 0
    return Seen(world.policy, world.process, world.form(request.kind), facts.known, calendar, facts.approvers, highest, shown, facts.may_evaluate)


def has_part(request: Request, person: str, facts: Facts, copies: Sequence[Copy]) -> bool:
    """Whether somebody has a part in a request, or had one once: then they have its card."""
    if involved(request, person, facts) or person in facts.emergency or person in request.answer("controls_owner"):
        return True
    return any(copy.person == person for copy in copies)


def open_key(kind: str, asker: str, subject: str, data: tuple[str, ...]) -> str:
    """What at most one open request may be about: a tool for everybody, an approval for each person."""
    about = subject.casefold().strip()
    if kind in ("data", "exception"):
        return f"{kind}/{asker}/{about}/{','.join(sorted(data))}"[:300]
    return f"{kind}/{about}"[:300]


def relevant_roles(state: Request | None, order: c.Command | None, world: World) -> set[str]:
    """The roles that this request may ask."""
    process = world.process
    roles = {process.fallback_role, process.clock.escalate_to, *process.break_glass_roles}
    if state is not None:
        roles |= {role for seat in state.terms.seats for role in seat.roles}
    if state is None or isinstance(order, c.Edit | c.Undo):
        roles |= {role for route in process.routes for seat in route.seats for role in seat.roles}
    return roles


def location(known: Known, person: str) -> str:
    """Where somebody works."""
    entry = known.people.get(person)
    return entry.location if entry else ""


def facts_of(state: Request | None, order: c.Command | None, known: Known, world: World, at: datetime, tool: Tool | None) -> Facts:
    """What the case needs to know, from what was read."""
    process, policy = world.process, world.policy
    asker = order.asker if isinstance(order, c.Submit) else state.asker if state else ""
    calendar = process.calendars.of(location(known, asker))
    day = calendar.day_of(at)
    terms = state.terms if state else None
    if isinstance(order, c.Submit | c.Edit) or terms is None or isinstance(order, c.Undo):
        answers = dict(order.answers) if isinstance(order, c.Submit | c.Edit) else dict(state.answers) if state else {}
        kind = order.kind if isinstance(order, c.Submit) else state.kind if state else "tool"
        terms = judged_by(kind, answers, world, calendar, at)
    highest = ceiling(policy, process, state.facts if state else ())
    holders = holders_of(asker, known, world)
    barred = [asker, *([state.filed_by, *state.joined] if state else [])]
    return Facts(
        now=at,
        day=day,
        known=known,
        approvers=seats_filled(state, known, world, day) if state else {},
        terms=terms,
        ceiling=highest,
        allowed_tiers=frozenset(tier.id for tier in policy.tiers if within(policy, tier.id, highest)),
        tier_now=tool.tier if tool else policy.unregistered,
        conditions_now=tool.conditions if tool else (),
        may_evaluate=bool(process.evaluation_tier) and (tool is None or tool.tier == policy.unregistered),
        evaluation_tier=process.evaluation_tier,
        emergency=frozenset(e for role in process.break_glass_roles for e in policy.roles.get(role, ()) if known.active(e)),
        escalation=approvers((process.clock.escalate_to,), holders, barred, known, day),
        escalation_role=process.clock.escalate_to,
        last_day=day + timedelta(days=process.clock.longest_grant),
    )


def judged_by(kind: str, answers: Mapping[str, tuple[str, ...]], world: World, calendar: Calendar, at: datetime) -> Terms:
    """What a request with these answers is judged by, now."""
    process = world.process
    risk = assess(process, answers)
    route = process.route(kind, risk.impact)
    promised = process.classes[risk.service]
    return Terms(
        world.policy.version,
        risk.impact,
        risk.service,
        risk.reasons,
        route.seats,
        route.accepts_risk,
        due_after(calendar, at, promised.days),
        morning_after(calendar, at, promised.warn),
        due_after(calendar, at, process.clock.expire_after),
    )


def holders_of(asker: str, known: Known, world: World) -> dict[str, tuple[str, ...]]:
    """role → addresses, the asker's own manager among them."""
    entry = known.people.get(asker)
    return {**world.policy.roles, MANAGER: (entry.manager,) if entry and entry.manager else ()}


def seats_filled(state: Request, known: Known, world: World, day: date) -> dict[str, tuple[Approver, ...]]:
    """Who may fill each seat of a request."""
    holders = holders_of(state.asker, known, world)
    barred = (state.asker, state.filed_by, *state.joined)
    fallback = world.process.fallback_role
    return {
        seat.id: approvers(seat.roles, holders, barred, known, day, fallback_role=fallback, delegated=state.delegated) for seat in state.terms.seats
    }


def waiting_people(request: Request, facts: Facts) -> tuple[str, ...]:
    """Who is asked to decide now."""
    if request.phase is not Phase.OPEN:
        return ()
    said = {(approval.seat, approval.person) for approval in request.approvals}
    found = (a.person for seat in request.waiting for a in facts.approvers.get(seat.id, ()) if (seat.id, a.person) not in said)
    return tuple(dict.fromkeys(found))

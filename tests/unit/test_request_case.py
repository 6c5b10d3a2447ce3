"""The life of a request under every order, by anybody, in any sequence."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.calendar import Calendar
from bot.case.base import CLOCK, Actor, Refused
from bot.case.effects import Do, Tell, Wake
from bot.engine.codecs import REQUESTS
from bot.people.authority import Approver, Why
from bot.people.model import Known, Person
from bot.policy.process import Clock, Seat
from bot.register.commands import AssignTier
from bot.requests import commands as c
from bot.requests.case import decide
from bot.requests.events import ApprovalGiven, Event, Granted, evolve, public
from bot.requests.facts import Facts
from bot.requests.grants import GiveGrant
from bot.requests.reactions import react
from bot.requests.state import UNDECIDED, Phase, Request, Terms

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PEOPLE = ("ann@x.com", "bob@x.com", "cyd@x.com", "dan@x.com", "eve@x.com", "ANN+b@x.com")
HOLDERS = {"privacy": ("bob@x.com", "ann@x.com"), "security": ("cyd@x.com", "dan@x.com"), "owner": ("eve@x.com", "ANN+b@x.com")}
SEATS = (Seat("1.privacy", 1, ("privacy",)), Seat("1.security", 1, ("security",), 2), Seat("2.owner", 2, ("owner",)))
TIMERS = (c.Remind(CLOCK, 1), c.Warn(CLOCK), c.Escalate(CLOCK), c.Expire(CLOCK), c.WarnOfEnd(CLOCK, "end"), c.WarnOfEnd(CLOCK, "suspend"))
people = st.sampled_from(PEOPLE)


def terms(at: datetime) -> Terms:
    """Terms with three seats in two stages."""
    days = timedelta(days=1)
    return Terms("1.0", "high", "standard", ("because",), SEATS, "owner", at + 5 * days, at + 3 * days, at + 30 * days)


def facts(state: Request | None, now: datetime) -> Facts:
    """Facts in which everybody named is active and can be reached."""
    known = Known({person: Person(person) for person in PEOPLE}, {}, frozenset(PEOPLE))
    approvers = {seat.id: tuple(Approver(p, Why.ROLE, role) for role in seat.roles for p in HOLDERS.get(role, ())) for seat in SEATS}
    if state:
        extra = dict(state.delegated)
        for seat, found in list(approvers.items()):
            approvers[seat] = (*found, *(Approver(extra[a.person], Why.DELEGATE, a.role, a.person) for a in found if a.person in extra))
    return Facts(
        now, now.date(), known, approvers, terms(now), "tier2", frozenset(("tier2", "tier3")), "tier4", (), True, "tier3", frozenset(("eve@x.com",)),
        (Approver("eve@x.com", Why.ROLE, "owner"),), "owner", now.date() + timedelta(days=365),
    )  # fmt: skip


class Requests(RuleBasedStateMachine):
    """Any order by anybody at any time."""

    @initialize(kind=st.sampled_from(("tool", "use_case", "data", "exception", "change", "retire")), filer=people)
    def file(self, kind: str, filer: str) -> None:
        """A new request of Ann's, filed by anybody."""
        self.now = NOW
        self.log: list[Event] = []
        self.given = 0
        answers = (("data", ("customer",)), ("until", ("2027-01-31",)), ("controls_owner", ("dan@x.com",)), ("who", ("me",)))
        order = c.Submit(Actor(filer, "slack:T:U"), kind, "ann@x.com", "Flurb", answers)
        filed = decide(None, order, facts(None, self.now), "REQ-1")
        assert not isinstance(filed, Refused)
        self.state: Request = evolve(None, filed[0])
        self.log += filed

    def give(self, order: c.Command) -> tuple[Event, ...] | Refused:
        """Give an order; refused ones change nothing."""
        before = self.state
        decided = decide(self.state, order, facts(self.state, self.now), "REQ-1")
        if isinstance(decided, Refused):
            return decided
        for event in decided:
            old, self.state = self.state, evolve(self.state, event)
            self.log.append(event)
            for effect in react(old, self.state, event, facts(self.state, self.now), Calendar(), Clock(), "Support"):
                assert isinstance(effect, Tell | Wake | Do)
                if isinstance(effect, Do) and isinstance(effect.command, AssignTier | GiveGrant) and isinstance(event, Granted):
                    self.given += 1
        assert before.id == self.state.id
        return decided

    @rule(person=people, seen=st.integers(0, 1), text=st.sampled_from(("", "keep it short")), tier=st.sampled_from(("", "tier1", "tier2")))
    def approve(self, person: str, seen: int, text: str, tier: str) -> None:
        """S14, S59: never one's own, never what has changed since, never above the facts."""
        decided = self.give(c.Approve(Actor(person, "teams:T:V"), self.state.revision - seen, text, tier))
        if not isinstance(decided, Refused):
            assert not seen
            assert tier != "tier1"
            assert person.lower() not in ("ann@x.com", "ann+b@x.com")
            assert person != self.state.filed_by

    @rule(person=people)
    def deny(self, person: str) -> None:
        """Deny it."""
        self.give(c.Deny(Actor(person), self.state.revision, "no"))

    @rule(person=people)
    def ask(self, person: str) -> None:
        """Ask the asker."""
        self.give(c.AskMore(Actor(person), "why?"))

    @rule(person=people)
    def answer(self, person: str) -> None:
        """Answer what was asked."""
        due = self.state.terms.due_at
        if not isinstance(self.give(c.GiveMore(Actor(person), "because")), Refused):
            assert self.state.terms.due_at >= due

    @rule(person=people, to=people)
    def delegate(self, person: str, to: str) -> None:
        """Hand it on."""
        self.give(c.Delegate(Actor(person), to))

    @rule(person=people)
    def withdraw(self, person: str) -> None:
        """Take it back."""
        if not isinstance(self.give(c.Withdraw(Actor(person))), Refused):
            assert person.lower() in ("ann@x.com", "ann+b@x.com") or person == self.state.filed_by

    @rule(person=people)
    def edit(self, person: str) -> None:
        """Change it; what was approved of the old text no longer counts."""
        if not isinstance(self.give(c.Edit(Actor(person), "Flurb", self.state.answers)), Refused):
            assert self.state.approvals == ()

    @rule(person=people)
    def undo(self, person: str) -> None:
        """Correct a decision."""
        if not isinstance(self.give(c.Undo(Actor(person), "wrong")), Refused):
            assert self.state.phase is Phase.OPEN

    @rule(person=people)
    def emergency(self, person: str) -> None:
        """Decide alone."""
        if not isinstance(self.give(c.BreakGlass(Actor(person), "fire", date(2026, 12, 24))), Refused):
            assert person == "eve@x.com" != self.state.filed_by

    @rule(person=people)
    def review(self, person: str) -> None:
        """Look at an emergency afterwards."""
        if not isinstance(self.give(c.Review(Actor(person))), Refused):
            assert person != self.state.decided_by

    @rule(person=people)
    def evaluate(self, person: str) -> None:
        """Put it under evaluation."""
        self.give(c.Evaluate(Actor(person)))

    @rule(person=people, facts=st.sampled_from(((), ("dpa",))))
    def confirm(self, person: str, facts: tuple[str, ...]) -> None:
        """Confirm facts; those who decide look again."""
        revision = self.state.revision
        if not isinstance(self.give(c.ConfirmFacts(Actor(person), facts)), Refused):
            assert self.state.revision == revision + 1

    @rule(order=st.sampled_from(TIMERS), days=st.integers(0, 40))
    def time_passes(self, order: c.Command, days: int) -> None:
        """Timers come at any time; one that no longer fits does nothing, and none is ever refused."""
        self.now += timedelta(days=days)
        phase = self.state.phase
        decided = self.give(order)
        assert not isinstance(decided, Refused)
        assert self.state.phase not in (Phase.DENIED, Phase.APPROVED) or self.state.phase is phase

    @invariant()
    def the_log_rebuilds_the_state(self) -> None:
        """Event by event, through what is stored of each."""
        if not hasattr(self, "state"):
            return
        rebuilt: Request | None = None
        for event in self.log:
            rebuilt = evolve(rebuilt, REQUESTS.load(REQUESTS.dump(event)))
        assert rebuilt == self.state
        assert REQUESTS.load(REQUESTS.dump(self.state)) == self.state

    @invariant()
    def the_audit_log_names_nobody(self) -> None:
        """What is kept for good holds ids and numbers: no address, no text."""
        for event in getattr(self, "log", ()):
            assert "@" not in str(public(event))
            assert "fire" not in str(public(event))

    @invariant()
    def approved_means_that_every_seat_said_yes(self) -> None:
        """Or one person did in an emergency, on record; and each person counts once on a seat."""
        if not hasattr(self, "state"):
            return
        said = [(approval.seat, approval.person) for approval in self.state.approvals]
        assert len(said) == len(set(said))
        if self.state.phase is Phase.APPROVED and not self.state.emergency:
            assert self.state.stage == 0
        granted = sum(isinstance(event, Granted) for event in self.log)
        assert self.given <= granted
        if self.state.phase in UNDECIDED and granted == 0:
            assert self.given == 0
        assert not any(isinstance(event, ApprovalGiven) and event.by.person == self.state.filed_by for event in self.log)


TestRequests = Requests.TestCase
TestRequests.settings = settings(stateful_step_count=30)


def test_an_approval_of_one_person_never_fills_a_seat_for_two() -> None:
    """A pool that needs two takes two people. Mutation: forget who has said yes on a seat."""
    filed = decide(None, c.Submit(Actor("ann@x.com"), "tool", "ann@x.com", "Flurb", ()), facts(None, NOW), "REQ-1")
    assert not isinstance(filed, Refused)
    state = evolve(None, filed[0])
    for person in ("bob@x.com", "cyd@x.com"):
        decided = decide(state, c.Approve(Actor(person), 1), facts(state, NOW))
        assert not isinstance(decided, Refused)
        for event in decided:
            state = evolve(state, event)

    again = decide(state, c.Approve(Actor("cyd@x.com"), 1), facts(state, NOW))

    assert isinstance(again, Refused)
    assert again.wording == "req_said_already"
    assert state.stage == 1

"""How requests are asked, judged and routed: forms, impact rules, routes, facts and clocks, as frozen values.

Process        everything below
Rule           answers that make a request one of high impact, or one that takes longer; with the reason
Route, Stage, Seat   who must say yes, one stage after the other
Fact           what must be true before a tool may have a tier
Clock          promised days, warnings, reminders, escalation, expiry
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.calendar import Calendars
from bot.ui.form import Answers, Form


@dataclass(frozen=True, slots=True)
class Rule:
    """Answers that raise a request to a level: every question of `when` has one of its answers."""

    level: str
    when: tuple[tuple[str, tuple[str, ...]], ...]
    because: str

    def holds(self, answers: Answers) -> bool:
        """Whether these answers raise it."""
        return all(any(value in answers.get(question, ()) for value in values) for question, values in self.when)


@dataclass(frozen=True, slots=True)
class Seat:
    """A yes that is needed: from `need` people who hold one of these roles."""

    id: str
    stage: int
    roles: tuple[str, ...]
    need: int = 1


@dataclass(frozen=True, slots=True)
class Route:
    """The seats for a kind of request at an impact level, in stages; who accepts the risk that is left (R20)."""

    kinds: tuple[str, ...]
    impact: tuple[str, ...]
    seats: tuple[Seat, ...]
    accepts_risk: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a reviewer confirms about a tool or its vendor; `section` says where the policy asks for it."""

    id: str
    label: str
    section: str = "§3"


@dataclass(frozen=True, slots=True)
class ServiceClass:
    """A promised time of decision, in working days, with an early warning."""

    id: str
    days: int
    warn: int


@dataclass(frozen=True, slots=True)
class Clock:
    """When people are reminded, when others are asked, and when a request ends undecided; all in working days."""

    reminders: tuple[int, ...] = (2, 3, 4)
    escalate_to: str = "policy_owner"
    expire_after: int = 30
    warn_before_end: int = 10  # days before a grant ends
    longest_grant: int = 365  # days
    reattest_every: int = 90  # days between re-attestations of compensating controls
    notice_days: int = 5  # working days in which everybody affected is told


@dataclass(frozen=True, slots=True)
class Process:
    """How an organization handles requests."""

    forms: Mapping[str, Form]
    levels: tuple[str, ...]
    impact: tuple[Rule, ...]
    service: tuple[Rule, ...]
    classes: Mapping[str, ServiceClass]
    routes: tuple[Route, ...]
    facts: tuple[Fact, ...]
    #: tier → facts it takes.
    tier_needs: Mapping[str, tuple[str, ...]]
    evaluation_tier: str
    fallback_role: str
    break_glass_roles: tuple[str, ...]
    calendars: Calendars = field(default_factory=Calendars)
    clock: Clock = field(default_factory=Clock)

    def form(self, id: str) -> Form:
        """The form with this id."""
        return self.forms[id]

    def route(self, kind: str, impact: str) -> Route:
        """The first route that fits; the loader sees to it that one does."""
        return next(route for route in self.routes if kind in route.kinds and impact in route.impact)

"""A policy as frozen values: what `policy_content/` says, checked and ready to judge by.

Policy        everything below, with the version it belongs to
DataClass     a column of the matrix; ProhibitedInput: never, on any tier
PolicyUse     a purpose that the data alone does not settle
Tier, Cell    a row of the matrix and its entries
Tool          an entry of the register, with the tier that judges it
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """What the policy says about a use; `ASK_BACK` means the question does not settle it yet."""

    PERMITTED = "permitted"
    CONDITIONAL = "conditional"
    PROHIBITED = "prohibited"
    ASK_BACK = "ask_back"


# From mildest to strictest over several pairs (CONTRACT: prohibited, then ask_back, then conditional, then permitted).
STRICTNESS = (Verdict.PERMITTED, Verdict.CONDITIONAL, Verdict.ASK_BACK, Verdict.PROHIBITED)


def strictest(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The verdict that wins over all of these; prohibited where there is none (fail towards No)."""
    return max(verdicts, key=STRICTNESS.index, default=Verdict.PROHIBITED)


class Effect(StrEnum):
    """What a use does to a verdict: forbid it, need an approval first, need a review of the result."""

    PROHIBITED = "prohibited"
    APPROVAL = "approval"
    REVIEW = "review"


class Status(StrEnum):
    """Where a tool stands; with the last two nothing is allowed."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Named:
    """Something people name in chat: an id for the rules, a name for the eyes, words for the ears."""

    id: str
    name: str
    says: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    #: Ids of the language files whose words mean this too.
    like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataClass(Named):
    """A class of data, a column of the matrix."""


@dataclass(frozen=True, slots=True)
class ProhibitedInput(Named):
    """Data that goes into no AI tool at all."""

    advice: str = ""
    #: Whether anonymising lifts the prohibition (then it counts as `Policy.anonymised_counts_as`).
    anonymised_counts: bool = False


@dataclass(frozen=True, slots=True)
class PolicyUse(Named):
    """A purpose with a rule of its own."""

    effect: Effect = Effect.PROHIBITED
    section: str = "§4"
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one tier says about one data class. `condition` is never empty when conditional."""

    verdict: Verdict
    condition: str = ""
    approvers: tuple[str, ...] = ()
    self_check: bool = False
    section: str = "§5"


@dataclass(frozen=True, slots=True)
class Tier:
    """A row of the matrix."""

    id: str
    name: str
    cells: Mapping[str, Cell]
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """An entry of the AI tool register. Entries not known to the register have `known=False`."""

    name: str
    tier: str
    status: Status = Status.ACTIVE
    vendor: str = ""
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    owner: str = ""
    assessed: date | None = None
    review_by: date | None = None
    #: The name of the enterprise edition's entry, on a consumer edition.
    enterprise: str = ""
    embedded_in: str = ""
    #: Fictional assessment: shown as such, never exported as evidence.
    sample: bool = False
    known: bool = True
    #: What the approval asks of everybody who uses it; then no answer about it is a plain Yes.
    conditions: tuple[str, ...] = ()
    #: What reviewers have confirmed, and the request that the entry rests on.
    facts: tuple[str, ...] = ()
    request: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One `## §N Title` of policy.md."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class WhereToAsk:
    """The people who help when the bot cannot."""

    name: str
    email: str = ""
    slack: str = ""
    teams: str = ""


@dataclass(frozen=True, slots=True)
class Organization:
    """organization.yaml: who we are and what is kept."""

    name: str
    where_to_ask: WhereToAsk
    time_zone: str = "UTC"
    language: str = "en"
    working_days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    holidays: tuple[date, ...] = ()
    policy_url: str = ""
    keep_questions: bool = True
    count_unanswered: bool = True
    enterprise_first: Verdict = Verdict.PERMITTED
    question_days: int = 180
    receipt_days: int = 1095
    conversation_hours: int = 24


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the whole policy, complete and consistent (load.py refuses anything else)."""

    version: str
    effective: date
    owner: str
    sponsor: str
    review_months: int
    organization: Organization
    sections: tuple[Section, ...]
    data_classes: tuple[DataClass, ...]
    prohibited_inputs: tuple[ProhibitedInput, ...]
    uses: tuple[PolicyUse, ...]
    tiers: tuple[Tier, ...]
    unregistered: str
    anonymised_counts_as: str
    roles: Mapping[str, tuple[str, ...]]
    #: Data classes and prohibited inputs by their ids; uses by theirs. One id may stand in both.
    data: Mapping[str, DataClass | ProhibitedInput] = field(repr=False)
    purposes: Mapping[str, PolicyUse] = field(repr=False)

    def tier(self, id: str) -> Tier | None:
        """The tier with this id, or None."""
        return next((tier for tier in self.tiers if tier.id == id), None)

    def section(self, id: str) -> Section | None:
        """The section with this id (`§5`), or None."""
        return next((section for section in self.sections if section.id == id), None)

    def unregistered_tool(self, name: str) -> Tool:
        """How a tool that nobody has registered is judged."""
        return Tool(name=name, tier=self.unregistered, known=False)

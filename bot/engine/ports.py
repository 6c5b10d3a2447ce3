"""What the core needs from outside, as the core says it. The store and the adapters implement these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.engine.records import CaseView, CaseWrite, Copy, Draft, DueTimer, Notice, StandInWrite, StoredCase, TimerWrite, ToolChange
from bot.people.model import Known, Person
from bot.policy.grants import Grant
from bot.policy.model import Policy, Tool
from bot.ui.card import Card


class Standing(StrEnum):
    """Who somebody is to us on a platform."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Account:
    """A person on one platform. `address` is how the adapter reaches them in private; only it reads it."""

    id: str
    platform: str
    standing: Standing
    checked_at: datetime
    used_at: datetime
    email: str = ""
    name: str = ""
    address: str = ""

    @property
    def person(self) -> str:
        """Who this is on every platform: the address; the account alone where no address is known."""
        return self.email.lower() or self.id


@dataclass(frozen=True, slots=True)
class Around:
    """People as they are now, with their accounts (the one used last first) and wishes; and a tool's entry."""

    known: Known = field(default_factory=Known)
    accounts: Mapping[str, tuple[Account, ...]] = field(default_factory=dict)
    preferences: Mapping[str, str] = field(default_factory=dict)
    tool: Tool | None = None

    def address(self, person: str) -> Account | None:
        """Where a person is written to: the platform they chose, else the one used last; None where they cannot be reached."""
        usable = self.accounts.get(person, ())
        wish = self.preferences.get(person, "")
        return next((account for account in usable if account.platform == wish), usable[0] if usable else None)


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """An answer as it was kept. `words` is None once they have been erased."""

    id: str
    at: datetime
    account: str
    intent: str
    verdict: str
    policy_version: str
    register_version: int
    conversation: str
    record: str
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Want:
    """What a place should show. A new key posts; a known one replaces what it showed before.

    `fresh` promises that the key was never used, which saves a look-up. `expires_at` ends the wish.
    """

    platform: str
    address: str
    key: str
    card: Card
    fresh: bool = False
    expires_at: datetime | None = None
    #: Fills the card's RECEIPT_MARK.
    receipt: str = ""
    #: The case or draft it shows, and whom it is for, so that every copy can be found.
    topic: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact for the audit log: ids only. `detail` holds names or texts and can be erased."""

    kind: str
    ref: str
    actor: str = ""
    data: Mapping[str, str | int] = field(default_factory=dict)
    detail: str = ""


class Reason(StrEnum):
    """Why a question counts as unanswered."""

    TOOL = "tool"  # about a tool that nobody has registered
    ASKED_BACK = "asked_back"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that got no verdict, without its words. `lacking` is what would have helped: a word, a tool's name."""

    reason: Reason
    language: str
    shape: str
    lacking: str


@dataclass(frozen=True, slots=True)
class UnansweredCount:
    """How often questions of one shape, or about one unregistered tool, got no verdict."""

    reason: Reason
    language: str
    shape: str
    lacking: str
    count: int
    last: datetime


@dataclass(slots=True)
class Unit:
    """Everything one turn writes; all of it is committed, or nothing.

    `expects` names the versions the turn relied on: another number at commit means the turn is done again.
    """

    key: str = ""
    reply: str = ""
    at: datetime | None = None
    expects: Mapping[str, int] = field(default_factory=dict)
    receipts: list[StoredReceipt] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    wants: list[Want] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)
    unanswered: list[Unanswered] = field(default_factory=list)
    cases: list[CaseWrite] = field(default_factory=list)
    timers: list[TimerWrite] = field(default_factory=list)
    #: The timer that this unit carries out; another process that did so first makes it stale.
    fired: DueTimer | None = None
    drafts: list[Draft] = field(default_factory=list)
    dropped_drafts: list[str] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    ended_grants: list[str] = field(default_factory=list)
    used_grants: list[str] = field(default_factory=list)
    tools: list[ToolChange] = field(default_factory=list)
    stand_ins: list[StandInWrite] = field(default_factory=list)
    preferences: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    #: Who could not be told of a change, and why: topic and person → reason.
    untold: dict[tuple[str, str], str] = field(default_factory=dict)
    #: What was delivered, in short: the same key with another digest is no repeat.
    digest: str = ""


class Stale(Exception):
    """What the turn relied on has changed; it must be done again."""


class NotSaved(Exception):
    """The database did not take it; nothing was written."""


class Unavailable(NotSaved):
    """The database does not answer."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """This delivery was handled before; the answer it got then. `other` says that its content was another one."""

    reply: str
    other: bool = False


@dataclass(frozen=True, slots=True)
class PolicyOnRecord:
    """A policy version with its place in time."""

    policy: Policy
    recorded_at: datetime


class Work(Protocol):
    """The store, as turns use it."""

    async def versions(self) -> Mapping[str, int]:
        """The current versions of policy and register."""

    async def commit(self, unit: Unit, deadline: float) -> Repeat | None:
        """Write the unit durably; Repeat (and nothing written) if its key was there before.

        Errors   Stale when a version it expects has passed; TimeoutError when the deadline (loop time) is over; NotSaved.
        """

    async def account(self, id: str) -> Account | None:
        """An account by its id."""

    async def accounts_of(self, email: str) -> Sequence[Account]:
        """The accounts with this e-mail address, the one used last first."""

    async def receipt(self, id: str) -> StoredReceipt | None:
        """A receipt by its id, with its words while they are kept."""

    async def last_receipt(self, conversation: str, since: datetime) -> StoredReceipt | None:
        """The last answer in a conversation, unless it is older than this."""

    async def policy_at(self, moment: datetime | None) -> PolicyOnRecord | None:
        """The policy in force at a moment; the current one for None."""

    async def policy_version(self, version: str) -> Policy | None:
        """The policy of this version."""

    async def first_policy(self) -> PolicyOnRecord | None:
        """The first policy on record."""

    async def has_person(self, email: str) -> bool:
        """Whether the directory has somebody with this e-mail address."""

    async def tools_at(self, moment: datetime | None) -> Sequence[Tool]:
        """The register at a moment; the current one for None."""

    async def tool_history(self, name: str) -> Sequence[tuple[datetime, Tool]]:
        """Every state of a tool with when it began, the newest first."""

    async def grants(self) -> Sequence[Grant]:
        """Every grant that nothing has ended; each is judged by its own days."""

    async def case(self, id: str) -> StoredCase | None:
        """A case by its id."""

    async def open_case(self, open_key: str) -> str:
        """The id of the open case about this; "" where there is none."""

    async def cases_of(self, person: str, limit: int) -> tuple[Sequence[StoredCase], int]:
        """The newest cases that somebody asked for, and how many there are."""

    async def waiting_for(self, person: str, limit: int) -> tuple[Sequence[StoredCase], int]:
        """The cases that wait for somebody's decision, the most urgent first, and how many there are."""

    async def case_view(self, id: str) -> CaseView:
        """A case with its copies and its place in the queue."""

    async def copies(self, topic: str) -> Sequence[Copy]:
        """Every card of a case or draft that was posted."""

    async def draft(self, id: str) -> Draft | None:
        """A draft by its id."""

    async def last_draft(self, accounts: Sequence[str]) -> Draft | None:
        """The draft that somebody worked on last."""

    async def around(self, emails: frozenset[str], platforms: frozenset[str], tool: str = "") -> Around:
        """What is known of these people, how they are reached on these platforms, and the entry of a tool."""

    async def person_of(self, account: Account) -> Person | None:
        """The directory entry that an account belongs to, by its platform id, else by its e-mail address."""

    async def find_person(self, words: str) -> Person | None:
        """The one person with this address or full name; None for nobody or several."""

    async def due_timers(self, now: datetime, limit: int) -> Sequence[DueTimer]:
        """Timers whose time has come, the oldest first."""

    async def askers_about(self, tool: str, since: datetime) -> Sequence[str]:
        """Everybody who asked about a tool, was granted it, or requested it."""

    async def untold(self, topic: str, limit: int) -> Sequence[str]:
        """The people who have still to be told of a change."""


class Directory(Protocol):
    """A platform's own directory."""

    async def look_up(self, account: Account, hints: Mapping[str, str]) -> Account:
        """The account with standing, name and e-mail as the platform knows them now.

        Errors   DirectoryUnavailable when the platform does not answer.
        """


class DirectoryUnavailable(Exception):
    """The platform did not say who this is."""

"""What a turn writes about cases, beside its cards: plain values that the store keeps."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.policy.grants import Grant
from bot.policy.model import Tool
from bot.requests.commands import Answered


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it is stored; `state` is JSON."""

    id: str
    kind: str
    version: int
    phase: str
    asker: str
    subject: str
    opened_at: datetime
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class CaseWrite:
    """A case as it shall stand. `version` is the one it rests on, 0 for a new one; `waiting` is who is asked to decide.

    At most one case holds an `open_key` at a time; None where it may stand beside others.
    """

    id: str
    kind: str
    version: int
    phase: str
    open_key: str | None
    asker: str
    subject: str
    opened_at: datetime
    due_at: datetime
    state: str
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimerWrite:
    """An order to be given at a time; None takes the timer away, or all of a case's where the key ends in “/”."""

    key: str
    case: str
    at: datetime | None
    command: str = ""


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose time has come."""

    key: str
    case: str
    due_at: datetime
    command: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that somebody has begun. `about` is the case it belongs to, `at` the question that is asked in chat.

    `active` while the person's next words are its answers.
    """

    id: str
    account: str
    person: str
    form: str
    about: str
    answers: Answered
    updated_at: datetime
    at: str = ""
    active: bool = False
    receipt: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A card of a case or draft that was posted somewhere."""

    platform: str
    address: str
    key: str
    person: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with where its cards are, and its place in the queue; all read in one go."""

    stored: StoredCase | None
    copies: tuple[Copy, ...] = ()
    place: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody has to be told of a change until a moment."""

    topic: str
    person: str
    why: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class GrantUse:
    """How often a grant was used, and when last."""

    grant: Grant
    used: int
    used_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToolChange:
    """An entry of the register as it stood, None for a new one, and as it shall stand."""

    before: Tool | None
    after: Tool


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """Something that happened to a case or a tool, as the audit log keeps it."""

    at: datetime
    kind: str
    actor: str
    data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandInWrite:
    """Who decides for somebody; nobody where `stand_in` is empty."""

    person: str
    stand_in: str
    since: date | None = None
    until: date | None = None

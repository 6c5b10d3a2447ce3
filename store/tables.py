"""Every table. The schema itself comes from migrations/; a test compares the two.

version          counters that a turn relies on: policy, register, directory
policy_version   every policy that was ever in force, with its files
tool_version     the register and its history: one row per tool and state
person           the directory; account: a person on one platform
delivery         keys of what the platforms delivered, with the answer that was given
receipt          every answer; receipt_detail: the words of the question, erasable
conversation     the last answer in each conversation, for "and with Claude?"
unanswered       questions asked back or out of scope, as shapes without people's words
outbox           what each place should show
event            what happened, ids only; event_detail: names and texts, erasable
case             every request as it stands, guarded by its version; waiting: who is asked to decide it
timer            orders to be given later, each by its key
draft            forms that somebody has begun
grant            what was approved for somebody until a day, with how often it was used
stand_in         who decides for whom while they are away; preference: where somebody wants to be written to
notice           who has to be told of a change that takes something away, and whether they were
"""

from datetime import date, datetime

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.types import UtcDateTime


class Version(SQLModel, table=True):
    """A counter that goes up whenever what it names changes."""

    __tablename__ = "version"
    name: str = Field(primary_key=True, max_length=40)
    number: int


class PolicyVersion(SQLModel, table=True):
    """A policy as it was recorded. `files` is JSON: name → text."""

    __tablename__ = "policy_version"
    id: int | None = Field(default=None, primary_key=True)
    version: str = Field(max_length=40, unique=True)
    digest: str = Field(max_length=64)
    effective: date
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    files: str = Field(sa_column=Column(Text, nullable=False))


class ToolVersion(SQLModel, table=True):
    """A tool as it stood from `since` until `until` (None: still). `entry` is JSON."""

    __tablename__ = "tool_version"
    __table_args__ = (
        Index("ix_tool_version_name_since", "name", "since"),
        Index("ux_tool_version_current", "name", unique=True, sqlite_where=text("until IS NULL"), postgresql_where=text("until IS NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    entry: str = Field(sa_column=Column(Text, nullable=False))


class Person(SQLModel, table=True):
    """Somebody in the directory."""

    __tablename__ = "person"
    email: str = Field(primary_key=True, max_length=320)
    name: str = Field(default="", max_length=200)
    manager: str = Field(default="", max_length=320)
    department: str = Field(default="", max_length=200)
    kind: str = Field(default="employee", max_length=20)
    location: str = Field(default="", max_length=200)
    start_date: date | None = None
    slack_id: str = Field(default="", max_length=40, index=True)
    teams_id: str = Field(default="", max_length=80, index=True)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Account(SQLModel, table=True):
    """A person on one platform. `id` is platform:home:user; `address` reaches them there."""

    __tablename__ = "account"
    id: str = Field(primary_key=True, max_length=300)
    platform: str = Field(max_length=20)
    email: str = Field(default="", max_length=320, index=True)
    name: str = Field(default="", max_length=200)
    standing: str = Field(max_length=20)
    address: str = Field(default="", sa_column=Column(Text, nullable=False))
    checked_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime = Field(sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """Something a platform delivered. `reply` is what was answered in the turn, as JSON; `digest` tells a repeat from another one."""

    __tablename__ = "delivery"
    key: str = Field(primary_key=True, max_length=200)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    reply: str = Field(default="", sa_column=Column(Text, nullable=False))
    digest: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})


class Receipt(SQLModel, table=True):
    """An answer that was given. `record` is JSON: what it rested on, frozen.

    `words` is JSON too: the question as it was read, redacted; erased (None) when its time is up.
    """

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_conversation_at", "conversation", "at"),)
    id: str = Field(primary_key=True, max_length=20)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    account: str = Field(max_length=300, index=True)
    intent: str = Field(max_length=20)
    verdict: str = Field(default="", max_length=20)
    policy_version: str = Field(max_length=40)
    register_version: int
    conversation: str = Field(max_length=400)
    record: str = Field(sa_column=Column(Text, nullable=False))
    words: str | None = Field(default=None, sa_column=Column(Text))


class Unanswered(SQLModel, table=True):
    """A question that got no verdict, as its shape; `lacking` is a word or a tool's name that would have helped."""

    __tablename__ = "unanswered"
    id: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    reason: str = Field(max_length=20)
    language: str = Field(default="", max_length=10)
    shape: str = Field(default="", max_length=200)
    lacking: str = Field(default="", max_length=200)


class Outbox(SQLModel, table=True):
    """What one place should show. Due while `shown` is below `wanted`; a lease never is a due time."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("address", "key"), Index("ix_outbox_due", "state", "due_at"))
    id: str = Field(primary_key=True, max_length=40)
    platform: str = Field(max_length=20)
    address: str = Field(max_length=1500)
    key: str = Field(max_length=120)
    card: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(default="due", max_length=20)
    wanted: int = 1
    shown: int = 0
    message: str = Field(default="", max_length=500)
    due_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    failures: int = 0
    problem: str = Field(default="", max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)
    #: The case or draft that the card shows, and whom it is for: its copies are found by it.
    topic: str = Field(default="", max_length=40, index=True)
    person: str = Field(default="", max_length=320)


class Pause(SQLModel, table=True):
    """Until when a platform asked to be left alone, with new messages or with changes of old ones."""

    __tablename__ = "pause"
    platform: str = Field(primary_key=True, max_length=20)
    changes: bool = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)


class Event(SQLModel, table=True):
    """Something that happened: ids, never texts or names. `data` is JSON."""

    __tablename__ = "event"
    id: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    kind: str = Field(max_length=60)
    ref: str = Field(max_length=200, index=True)
    actor: str = Field(default="", max_length=300)
    data: str = Field(sa_column=Column(Text, nullable=False))


class EventDetail(SQLModel, table=True):
    """The names and texts that belong to an event; erasable without touching the event."""

    __tablename__ = "event_detail"
    event: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)
    text: str = Field(sa_column=Column(Text, nullable=False))


class Case(SQLModel, table=True):
    """A request as it stands. `state` is JSON; `open_key` is what at most one open request may be about."""

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_phase_opened", "phase", "opened_at"),)
    id: str = Field(primary_key=True, max_length=40)
    kind: str = Field(max_length=20)
    version: int
    phase: str = Field(max_length=20)
    open_key: str | None = Field(default=None, max_length=300, unique=True)
    asker: str = Field(max_length=320, index=True)
    subject: str = Field(max_length=300)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(sa_column=Column(Text, nullable=False))


class Waiting(SQLModel, table=True):
    """Somebody is asked to decide a case."""

    __tablename__ = "waiting"
    __table_args__ = (Index("ix_waiting_person_due", "person", "due_at"),)
    case: str = Field(primary_key=True, max_length=40)
    person: str = Field(primary_key=True, max_length=320)
    due_at: datetime = Field(sa_type=UtcDateTime)


class Timer(SQLModel, table=True):
    """An order to be given later. `command` is JSON."""

    __tablename__ = "timer"
    key: str = Field(primary_key=True, max_length=120)
    case: str = Field(max_length=40, index=True)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    command: str = Field(sa_column=Column(Text, nullable=False))


class Draft(SQLModel, table=True):
    """A form that somebody has begun. `state` is JSON; `active` while their next words answer it."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_account_updated", "account", "updated_at"),)
    id: str = Field(primary_key=True, max_length=40)
    account: str = Field(max_length=300)
    active: bool
    updated_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(sa_column=Column(Text, nullable=False))


class Grant(SQLModel, table=True):
    """What was approved for somebody. `entry` is JSON; `ended_at` when it was taken back or suspended."""

    __tablename__ = "grant"
    id: str = Field(primary_key=True, max_length=40)
    person: str = Field(max_length=320, index=True)
    tool: str = Field(max_length=200, index=True)
    until: date
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used: int = 0
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    entry: str = Field(sa_column=Column(Text, nullable=False))


class StandIn(SQLModel, table=True):
    """Who decides for somebody who is away."""

    __tablename__ = "stand_in"
    person: str = Field(primary_key=True, max_length=320)
    stand_in: str = Field(max_length=320)
    since: date
    until: date


class Preference(SQLModel, table=True):
    """Where somebody wants to be written to; "" for the platform they used last."""

    __tablename__ = "preference"
    person: str = Field(primary_key=True, max_length=320)
    platform: str = Field(default="", max_length=20)


class Notice(SQLModel, table=True):
    """Somebody who has to be told of a change until a moment. `key` is their card in the outbox, the proof of delivery."""

    __tablename__ = "notice"
    topic: str = Field(primary_key=True, max_length=40)
    person: str = Field(primary_key=True, max_length=320)
    why: str = Field(max_length=20)
    due_at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str = Field(default="", max_length=200)


def table(model: type[SQLModel]) -> Table:
    """The table of a model, for statements."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


ACCOUNT = table(Account)
CASE = table(Case)
DELIVERY = table(Delivery)
DRAFT = table(Draft)
EVENT = table(Event)
EVENT_DETAIL = table(EventDetail)
GRANT = table(Grant)
NOTICE = table(Notice)
OUTBOX = table(Outbox)
PAUSE = table(Pause)
PERSON = table(Person)
POLICY_VERSION = table(PolicyVersion)
PREFERENCE = table(Preference)
RECEIPT = table(Receipt)
STAND_IN = table(StandIn)
TIMER = table(Timer)
TOOL_VERSION = table(ToolVersion)
UNANSWERED = table(Unanswered)
VERSION = table(Version)
WAITING = table(Waiting)

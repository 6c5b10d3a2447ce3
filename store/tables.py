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
"""

from datetime import date, datetime

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint
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
    __table_args__ = (Index("ix_tool_version_name_since", "name", "since"),)
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
    slack_id: str = Field(default="", max_length=40)
    teams_id: str = Field(default="", max_length=80)


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
    """Something a platform delivered. `reply` is what was answered in the turn, as JSON."""

    __tablename__ = "delivery"
    key: str = Field(primary_key=True, max_length=200)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    reply: str = Field(default="", sa_column=Column(Text, nullable=False))


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


class Event(SQLModel, table=True):
    """Something that happened: ids, never texts or names. `data` is JSON."""

    __tablename__ = "event"
    id: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    kind: str = Field(max_length=60)
    ref: str = Field(max_length=200)
    actor: str = Field(default="", max_length=300)
    data: str = Field(sa_column=Column(Text, nullable=False))


class EventDetail(SQLModel, table=True):
    """The names and texts that belong to an event; erasable without touching the event."""

    __tablename__ = "event_detail"
    event: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)
    text: str = Field(sa_column=Column(Text, nullable=False))


def table(model: type[SQLModel]) -> Table:
    """The table of a model, for statements."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


ACCOUNT = table(Account)
DELIVERY = table(Delivery)
EVENT = table(Event)
EVENT_DETAIL = table(EventDetail)
OUTBOX = table(Outbox)
PERSON = table(Person)
POLICY_VERSION = table(PolicyVersion)
RECEIPT = table(Receipt)
TOOL_VERSION = table(ToolVersion)
UNANSWERED = table(Unanswered)
VERSION = table(Version)

"""Reading and seeding: policies, register, accounts, receipts. Every function is one short transaction."""

import json
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Select, and_, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.case.codec import Codec
from bot.engine import ports
from bot.engine.ports import PolicyOnRecord, StoredReceipt, UnansweredCount
from bot.policy.load import Content, policy_from_files
from bot.policy.model import Policy, Tool
from store.engine import Database
from store.tables import ACCOUNT, DELIVERY, DRAFT, EVENT, OUTBOX, PERSON, POLICY_VERSION, RECEIPT, TOOL_VERSION, UNANSWERED, VERSION

POLICY, REGISTER = "policy", "register"
NOTHING = '["tuple"]'  # no data, as the codec writes it


class Queries:
    """What is asked of the database outside a unit of work."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self.database, self._codec = database, codec
        self._policies: dict[str, Policy] = {}

    async def versions(self) -> Mapping[str, int]:
        """The current number of each version."""
        statement = select(VERSION.c.name, VERSION.c.number)
        return await self.database.read(lambda connection: {row[0]: row[1] for row in connection.execute(statement)})

    async def account(self, id: str) -> ports.Account | None:
        """An account by its id."""
        statement = select(ACCOUNT).where(ACCOUNT.c.id == id)
        row = await self.database.read(lambda connection: connection.execute(statement).mappings().one_or_none())
        return ports.Account(**{**row, "standing": ports.Standing(row["standing"])}) if row else None

    async def accounts_of(self, email: str) -> Sequence[ports.Account]:
        """The accounts with this e-mail address, the one used last first."""
        statement = select(ACCOUNT).where(ACCOUNT.c.email == email).order_by(ACCOUNT.c.used_at.desc())
        rows = await self.database.read(lambda connection: connection.execute(statement).mappings().all())
        return [ports.Account(**{**row, "standing": ports.Standing(row["standing"])}) for row in rows]

    async def has_person(self, email: str) -> bool:
        """Whether the directory has somebody with this e-mail address."""
        statement = select(PERSON.c.email).where(PERSON.c.email == email)
        return await self.database.read(lambda connection: connection.execute(statement).first() is not None)

    async def receipt(self, id: str) -> StoredReceipt | None:
        """A receipt by its id, with its words while they are kept."""
        return await self._receipt(select(RECEIPT).where(RECEIPT.c.id == id))

    async def last_receipt(self, conversation: str, since: datetime) -> StoredReceipt | None:
        """The last answer in a conversation, unless older than this."""
        there = and_(RECEIPT.c.conversation == conversation, RECEIPT.c.at >= since)
        return await self._receipt(select(RECEIPT).where(there).order_by(RECEIPT.c.at.desc()).limit(1))

    async def _receipt(self, statement: Select[*tuple[object, ...]]) -> StoredReceipt | None:
        row = await self.database.read(lambda connection: connection.execute(statement).mappings().one_or_none())
        return StoredReceipt(**row) if row else None

    async def policy_at(self, moment: datetime | None) -> PolicyOnRecord | None:
        """The policy in force at a moment (recorded by then), or the newest."""
        statement = select(POLICY_VERSION.c.version, POLICY_VERSION.c.recorded_at).order_by(POLICY_VERSION.c.recorded_at.desc()).limit(1)
        return await self._on_record(statement if moment is None else statement.where(POLICY_VERSION.c.recorded_at <= moment))

    async def first_policy(self) -> PolicyOnRecord | None:
        """The first policy on record."""
        return await self._on_record(select(POLICY_VERSION.c.version, POLICY_VERSION.c.recorded_at).order_by(POLICY_VERSION.c.recorded_at).limit(1))

    async def _on_record(self, statement: Select[*tuple[object, ...]]) -> PolicyOnRecord | None:
        row = await self.database.read(lambda connection: connection.execute(statement).mappings().one_or_none())
        policy = await self.policy_version(row["version"]) if row else None
        return PolicyOnRecord(policy, row["recorded_at"]) if row and policy else None

    async def policy_version(self, version: str) -> Policy | None:
        """The policy of a version, from the files it was recorded with."""
        if version not in self._policies:
            statement = select(POLICY_VERSION.c.files).where(POLICY_VERSION.c.version == version)
            files: str | None = await self.database.read(lambda connection: connection.execute(statement).scalar())
            if files is None:
                return None
            with tempfile.TemporaryDirectory() as folder:
                self._policies[version] = policy_from_files(json.loads(files), Path(folder))
        return self._policies[version]

    async def tools_at(self, moment: datetime | None) -> Sequence[Tool]:
        """The register as it stood at a moment, or stands now."""
        statement = select(TOOL_VERSION.c.entry).order_by(TOOL_VERSION.c.name)
        if moment is None:
            statement = statement.where(TOOL_VERSION.c.until.is_(None))
        else:
            statement = statement.where(TOOL_VERSION.c.since <= moment, or_(TOOL_VERSION.c.until.is_(None), TOOL_VERSION.c.until > moment))
        entries = await self.database.read(lambda connection: connection.execute(statement).scalars().all())
        return tuple(self._codec.load(entry) for entry in entries)

    async def tool_history(self, name: str) -> Sequence[tuple[datetime, Tool]]:
        """Every state of a tool with when it began, the newest first."""
        statement = select(TOOL_VERSION.c.since, TOOL_VERSION.c.entry).where(TOOL_VERSION.c.name == name).order_by(TOOL_VERSION.c.since.desc())
        return await self.database.read(lambda connection: [(row[0], self._codec.load(row[1])) for row in connection.execute(statement)])

    async def take_over(self, content: Content, now: datetime) -> str:
        """Record this content's policy where it is new, and seed an empty register; a sentence about what was done.

        Errors   ChangedContent when the folder differs from what was recorded under its version.
        """

        def take(connection: Connection) -> str:
            version = content.policy.version
            stored = connection.execute(select(POLICY_VERSION.c.digest).where(POLICY_VERSION.c.version == version)).scalar()
            if stored == content.digest:
                return ""
            if stored is not None:
                raise ChangedContent(version)
            row = {
                "version": version,
                "digest": content.digest,
                "effective": content.policy.effective,
                "recorded_at": now,
                "approved_at": None,
                "files": json.dumps(dict(content.files), ensure_ascii=False),
            }
            connection.execute(POLICY_VERSION.insert(), row)
            count_up(connection, POLICY)
            record(connection, now, "PolicyRecorded", version)
            seeded = 0
            if connection.execute(select(TOOL_VERSION.c.id).limit(1)).first() is None and content.tools:
                seeded = self._seed(connection, content.tools, now)
            return f"policy {version} recorded, not yet approved; {seeded} tools taken into the register"

        known = select(POLICY_VERSION.c.digest).where(POLICY_VERSION.c.version == content.policy.version)
        if await self.database.read(lambda connection: connection.execute(known).scalar()) == content.digest:
            return ""
        try:
            return await self.database.write(take)
        except IntegrityError:  # another process recorded it in the same instant; then it is there now
            return await self.database.write(take)

    def _seed(self, connection: Connection, tools: Sequence[Tool], now: datetime) -> int:
        """Take the first tools into an empty register."""
        rows = [{"name": tool.name, "since": now, "until": None, "entry": self._codec.dump(tool)} for tool in tools]
        connection.execute(TOOL_VERSION.insert(), rows)
        for tool in tools:
            record(connection, now, "ToolRegistered", tool.name)
        count_up(connection, REGISTER)
        return len(rows)

    async def last_event(self) -> datetime | None:
        """When something last happened."""
        return await self.database.read(lambda connection: connection.execute(select(func.max(EVENT.c.at))).scalar())

    async def unanswered(self) -> list[UnansweredCount]:
        """What got no verdict, the most frequent first."""
        what = (UNANSWERED.c.reason, UNANSWERED.c.language, UNANSWERED.c.shape, UNANSWERED.c.lacking)
        count = func.count()
        statement = select(*what, count, func.max(UNANSWERED.c.at)).group_by(*what).order_by(count.desc(), *what)

        def counted(connection: Connection) -> list[UnansweredCount]:
            return [UnansweredCount(ports.Reason(row[0]), *row[1:]) for row in connection.execute(statement)]

        return await self.database.read(counted)

    async def tidy(self, now: datetime, limits: Mapping[str, datetime]) -> dict[str, int]:
        """Delete what has passed its time; how many rows of each kind.

        Shapes   limits: for deliveries, questions and receipts, the instant before which they go.
        """
        old = RECEIPT.c.at < limits["questions"]
        places = {
            "deliveries": delete(DELIVERY).where(DELIVERY.c.at < limits["deliveries"]),
            "questions": update(RECEIPT).where(old, RECEIPT.c.words.is_not(None)).values(words=None),
            "cards": delete(OUTBOX).where(OUTBOX.c.state == "shown", OUTBOX.c.created_at < limits["questions"]),
            "receipts": delete(RECEIPT).where(RECEIPT.c.at < limits["receipts"]),
            "drafts": delete(DRAFT).where(DRAFT.c.updated_at < limits["questions"]),
            "unanswered": delete(UNANSWERED).where(UNANSWERED.c.at < limits["questions"]),
        }
        return await self.database.write(lambda connection: {name: int(connection.execute(statement).rowcount) for name, statement in places.items()})


class ChangedContent(Exception):
    """The content folder differs from the policy recorded under the same version."""


def count_up(connection: Connection, name: str) -> None:
    """Count a version up; every turn that relied on the old number is done again."""
    raised = connection.execute(update(VERSION).where(VERSION.c.name == name).values(number=VERSION.c.number + 1))
    if raised.rowcount == 0:
        connection.execute(VERSION.insert(), {"name": name, "number": 1})


def record(connection: Connection, now: datetime, kind: str, ref: str) -> None:
    """Append an event."""
    connection.execute(EVENT.insert(), {"id": uuid.uuid4().hex, "at": now, "kind": kind, "ref": ref, "actor": "system", "data": NOTHING})

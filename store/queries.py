"""Reading and seeding: policies, register, accounts, receipts, conversations. Every function is one short transaction."""

import json
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.case.codec import Codec
from bot.engine import ports
from bot.engine.ports import PolicyOnRecord, StoredReceipt
from bot.policy.load import Content, policy_from_files
from bot.policy.model import Policy, Tool
from store.engine import writing
from store.tables import Account, Conversation, Delivery, Event, Outbox, Person, PolicyVersion, Receipt, ReceiptDetail, ToolVersion, Version

POLICY, REGISTER = "policy", "register"


class Queries:
    """What is asked of the database outside a unit of work."""

    def __init__(self, engine: AsyncEngine, codec: Codec) -> None:
        self.engine, self._codec = engine, codec
        self._policies: dict[str, Policy] = {}

    async def versions(self) -> Mapping[str, int]:
        """The current number of each version."""
        async with self.engine.connect() as connection:
            return {name: number for name, number in (await connection.execute(select(Version.name, Version.number))).tuples()}

    async def account(self, id: str) -> ports.Account | None:
        """An account by its id."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(select(Account).where(Account.id == id))).mappings().one_or_none()  # type: ignore[arg-type]
        return ports.Account(**{**row, "standing": ports.Standing(row["standing"])}) if row else None

    async def receipt(self, id: str) -> StoredReceipt | None:
        """A receipt with its words, while they are kept."""
        async with self.engine.connect() as connection:
            return await self._receipt(connection, id)

    async def _receipt(self, connection: AsyncConnection, id: str) -> StoredReceipt | None:
        joined = select(Receipt, ReceiptDetail.reading).outerjoin(ReceiptDetail, Receipt.id == ReceiptDetail.receipt).where(Receipt.id == id)  # type: ignore[arg-type]
        row = (await connection.execute(joined)).mappings().one_or_none()
        return StoredReceipt(**row) if row else None

    async def last_receipt(self, conversation: str, since: datetime) -> StoredReceipt | None:
        """The last answer in a conversation, unless older than this."""
        async with self.engine.connect() as connection:
            statement = select(Conversation.receipt).where(Conversation.key == conversation, Conversation.at >= since)  # type: ignore[arg-type]
            id = (await connection.execute(statement)).scalar()
            return await self._receipt(connection, id) if id else None

    async def has_person(self, email: str) -> bool:
        """Whether the directory has somebody with this e-mail address."""
        async with self.engine.connect() as connection:
            return (await connection.execute(select(Person.email).where(Person.email == email))).first() is not None  # type: ignore[arg-type]

    async def policy_at(self, moment: datetime | None) -> PolicyOnRecord | None:
        """The policy in force at a moment (recorded by then), or the newest."""
        statement = select(PolicyVersion.version, PolicyVersion.recorded_at).order_by(PolicyVersion.recorded_at.desc()).limit(1)  # type: ignore[attr-defined]
        if moment is not None:
            statement = statement.where(PolicyVersion.recorded_at <= moment)  # type: ignore[arg-type]
        return await self._on_record(statement)

    async def first_policy(self) -> PolicyOnRecord | None:
        """The first policy on record."""
        return await self._on_record(select(PolicyVersion.version, PolicyVersion.recorded_at).order_by(PolicyVersion.recorded_at).limit(1))  # type: ignore[arg-type]

    async def _on_record(self, statement: object) -> PolicyOnRecord | None:
        async with self.engine.connect() as connection:
            row = (await connection.execute(statement)).tuples().one_or_none()  # type: ignore[call-overload]
        policy = await self.policy_version(row[0]) if row else None
        return PolicyOnRecord(policy, row[1]) if row and policy else None

    async def policy_version(self, version: str) -> Policy | None:
        """The policy of a version, from the files it was recorded with."""
        if version not in self._policies:
            async with self.engine.connect() as connection:
                files = (await connection.execute(select(PolicyVersion.files).where(PolicyVersion.version == version))).scalar()  # type: ignore[arg-type]
            if files is None:
                return None
            with tempfile.TemporaryDirectory() as folder:
                self._policies[version] = policy_from_files(json.loads(files), Path(folder))
        return self._policies[version]

    async def tools_at(self, moment: datetime | None) -> Sequence[Tool]:
        """The register as it stood at a moment, or stands now."""
        statement = select(ToolVersion.entry).order_by(ToolVersion.name)
        if moment is None:
            statement = statement.where(ToolVersion.until.is_(None))  # type: ignore[union-attr]
        else:
            over = or_(ToolVersion.until.is_(None), ToolVersion.until > moment)  # type: ignore[union-attr,operator]
            statement = statement.where(and_(ToolVersion.since <= moment, over))  # type: ignore[arg-type]
        async with self.engine.connect() as connection:
            return tuple(self._codec.load(entry) for entry in (await connection.execute(statement)).scalars())

    async def take_over(self, content: Content, now: datetime) -> str:
        """Record this content's policy where it is new, and seed an empty register; a sentence about what was done.

        Errors   ChangedContent when the folder differs from what was recorded under its version.
        """
        async with writing(self.engine) as connection:
            stored = (await connection.execute(select(PolicyVersion.digest).where(PolicyVersion.version == content.policy.version))).scalar()  # type: ignore[arg-type]
            if stored == content.digest:
                return ""
            if stored is not None:
                raise ChangedContent(content.policy.version)
            await connection.execute(PolicyVersion.__table__.insert(), {  # type: ignore[attr-defined]
                "version": content.policy.version, "digest": content.digest, "effective": content.policy.effective,
                "recorded_at": now, "approved_at": None, "files": json.dumps(dict(content.files), ensure_ascii=False),
            })  # fmt: skip
            await self._raise(connection, POLICY)
            await record(connection, now, "PolicyRecorded", content.policy.version)
            seeded = 0
            if (await connection.execute(select(ToolVersion.id).limit(1))).first() is None and content.tools:
                seeded = await self._put_tools(connection, content.tools, now)
            return f"policy {content.policy.version} recorded, not yet approved; {seeded} tools taken into the register"

    async def put_tools(self, tools: Sequence[Tool], now: datetime) -> int:
        """Put these tools into the register, each as a new state where it differs; how many changed."""
        async with writing(self.engine) as connection:
            return await self._put_tools(connection, tools, now)

    async def _put_tools(self, connection: AsyncConnection, tools: Sequence[Tool], now: datetime) -> int:
        current = dict((await connection.execute(select(ToolVersion.name, ToolVersion.entry).where(ToolVersion.until.is_(None)))).tuples().all())  # type: ignore[union-attr]
        entries = {tool.name: self._codec.dump(tool) for tool in tools}
        changed = [name for name, entry in entries.items() if current.get(name) != entry]
        for start in range(0, len(changed), 500):
            names = changed[start : start + 500]
            await connection.execute(
                update(ToolVersion).where(ToolVersion.name.in_(names), ToolVersion.until.is_(None)).values(until=now)  # type: ignore[attr-defined,union-attr]
            )
            rows = [{"name": name, "since": now, "until": None, "entry": entries[name]} for name in names]
            await connection.execute(ToolVersion.__table__.insert(), rows)  # type: ignore[attr-defined]
            for name in names:
                await record(connection, now, "ToolChanged" if name in current else "ToolRegistered", name)
        if changed:
            await self._raise(connection, REGISTER)
        return len(changed)

    async def _raise(self, connection: AsyncConnection, name: str) -> None:
        """Count a version up; every turn that relied on the old number is done again."""
        raised = await connection.execute(update(Version).where(Version.name == name).values(number=Version.number + 1))  # type: ignore[arg-type]
        if raised.rowcount == 0:
            await connection.execute(Version.__table__.insert(), {"name": name, "number": 1})  # type: ignore[attr-defined]

    async def tidy(self, now: datetime, limits: "Mapping[str, datetime]") -> dict[str, int]:
        """Delete what has passed its time; how many rows of each kind.

        Shapes   limits: for deliveries, questions, receipts and conversations, the instant before which they go.
        """
        places = {
            "deliveries": delete(Delivery).where(Delivery.at < limits["deliveries"]),  # type: ignore[arg-type]
            "questions": delete(ReceiptDetail).where(ReceiptDetail.at < limits["questions"]),  # type: ignore[arg-type]
            "conversations": delete(Conversation).where(Conversation.at < limits["conversations"]),  # type: ignore[arg-type]
            "cards": delete(Outbox).where(Outbox.state == "shown", Outbox.created_at < limits["questions"]),  # type: ignore[arg-type]
            "receipts": delete(Receipt).where(Receipt.at < limits["receipts"]),  # type: ignore[arg-type]
        }
        async with writing(self.engine) as connection:
            return {name: int((await connection.execute(statement)).rowcount) for name, statement in places.items()}


class ChangedContent(Exception):
    """The content folder differs from the policy recorded under the same version."""


async def record(connection: AsyncConnection, now: datetime, kind: str, ref: str) -> None:
    """Append an event."""


    await connection.execute(Event.__table__.insert(), {"id": uuid.uuid4().hex, "at": now, "kind": kind, "ref": ref, "actor": "system", "data": "[]"})  # type: ignore[attr-defined]

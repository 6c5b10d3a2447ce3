"""Reading and seeding: policies, register, accounts, receipts, conversations. Every function is one short transaction."""

import json
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.case.codec import Codec
from bot.engine import ports
from bot.engine.ports import PolicyOnRecord, StoredReceipt
from bot.policy.load import Content, policy_from_files
from bot.policy.model import Policy, Tool
from store.engine import writing
from store.tables import (
    ACCOUNT,
    CONVERSATION,
    DELIVERY,
    EVENT,
    OUTBOX,
    PERSON,
    POLICY_VERSION,
    RECEIPT,
    RECEIPT_DETAIL,
    TOOL_VERSION,
    VERSION,
)

POLICY, REGISTER = "policy", "register"


class Queries:
    """What is asked of the database outside a unit of work."""

    def __init__(self, engine: AsyncEngine, codec: Codec) -> None:
        self.engine, self._codec = engine, codec
        self._policies: dict[str, Policy] = {}

    async def versions(self) -> Mapping[str, int]:
        """The current number of each version."""
        async with self.engine.connect() as connection:
            return dict((await connection.execute(select(VERSION.c.name, VERSION.c.number))).all())

    async def account(self, id: str) -> ports.Account | None:
        """An account by its id."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(select(ACCOUNT).where(ACCOUNT.c.id == id))).mappings().one_or_none()
        return ports.Account(**{**row, "standing": ports.Standing(row["standing"])}) if row else None

    async def receipt(self, id: str) -> StoredReceipt | None:
        """A receipt with its words, while they are kept."""
        async with self.engine.connect() as connection:
            return await self._receipt(connection, id)

    async def _receipt(self, connection: AsyncConnection, id: str) -> StoredReceipt | None:
        joined = (
            select(RECEIPT, RECEIPT_DETAIL.c.reading).outerjoin(RECEIPT_DETAIL, RECEIPT.c.id == RECEIPT_DETAIL.c.receipt).where(RECEIPT.c.id == id)
        )
        row = (await connection.execute(joined)).mappings().one_or_none()
        return StoredReceipt(**row) if row else None

    async def last_receipt(self, conversation: str, since: datetime) -> StoredReceipt | None:
        """The last answer in a conversation, unless older than this."""
        async with self.engine.connect() as connection:
            statement = select(CONVERSATION.c.receipt).where(CONVERSATION.c.key == conversation, CONVERSATION.c.at >= since)
            id = (await connection.execute(statement)).scalar()
            return await self._receipt(connection, id) if id else None

    async def has_person(self, email: str) -> bool:
        """Whether the directory has somebody with this e-mail address."""
        async with self.engine.connect() as connection:
            return (await connection.execute(select(PERSON.c.email).where(PERSON.c.email == email))).first() is not None

    async def policy_at(self, moment: datetime | None) -> PolicyOnRecord | None:
        """The policy in force at a moment (recorded by then), or the newest."""
        statement = select(POLICY_VERSION.c.version, POLICY_VERSION.c.recorded_at).order_by(POLICY_VERSION.c.recorded_at.desc()).limit(1)
        if moment is not None:
            statement = statement.where(POLICY_VERSION.c.recorded_at <= moment)
        return await self._on_record(statement)

    async def first_policy(self) -> PolicyOnRecord | None:
        """The first policy on record."""
        return await self._on_record(select(POLICY_VERSION.c.version, POLICY_VERSION.c.recorded_at).order_by(POLICY_VERSION.c.recorded_at).limit(1))

    async def _on_record(self, statement: Select[str, datetime]) -> PolicyOnRecord | None:
        async with self.engine.connect() as connection:
            row = (await connection.execute(statement)).one_or_none()
        policy = await self.policy_version(row[0]) if row else None
        return PolicyOnRecord(policy, row[1]) if row and policy else None

    async def policy_version(self, version: str) -> Policy | None:
        """The policy of a version, from the files it was recorded with."""
        if version not in self._policies:
            async with self.engine.connect() as connection:
                files = (await connection.execute(select(POLICY_VERSION.c.files).where(POLICY_VERSION.c.version == version))).scalar()
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
            over = or_(TOOL_VERSION.c.until.is_(None), TOOL_VERSION.c.until > moment)
            statement = statement.where(and_(TOOL_VERSION.c.since <= moment, over))
        async with self.engine.connect() as connection:
            return tuple(self._codec.load(entry) for entry in (await connection.execute(statement)).scalars())

    async def take_over(self, content: Content, now: datetime) -> str:
        """Record this content's policy where it is new, and seed an empty register; a sentence about what was done.

        Errors   ChangedContent when the folder differs from what was recorded under its version.
        """
        async with writing(self.engine) as connection:
            stored = (await connection.execute(select(POLICY_VERSION.c.digest).where(POLICY_VERSION.c.version == content.policy.version))).scalar()
            if stored == content.digest:
                return ""
            if stored is not None:
                raise ChangedContent(content.policy.version)
            await connection.execute(POLICY_VERSION.insert(), {
                "version": content.policy.version, "digest": content.digest, "effective": content.policy.effective,
                "recorded_at": now, "approved_at": None, "files": json.dumps(dict(content.files), ensure_ascii=False),
            })  # fmt: skip
            await self._raise(connection, POLICY)
            await record(connection, now, "PolicyRecorded", content.policy.version)
            seeded = 0
            if (await connection.execute(select(TOOL_VERSION.c.id).limit(1))).first() is None and content.tools:
                seeded = await self._put_tools(connection, content.tools, now)
            return f"policy {content.policy.version} recorded, not yet approved; {seeded} tools taken into the register"

    async def put_tools(self, tools: Sequence[Tool], now: datetime) -> int:
        """Put these tools into the register, each as a new state where it differs; how many changed."""
        async with writing(self.engine) as connection:
            return await self._put_tools(connection, tools, now)

    async def _put_tools(self, connection: AsyncConnection, tools: Sequence[Tool], now: datetime) -> int:
        current = dict(
            (await connection.execute(select(TOOL_VERSION.c.name, TOOL_VERSION.c.entry).where(TOOL_VERSION.c.until.is_(None)))).all()
        )
        entries = {tool.name: self._codec.dump(tool) for tool in tools}
        changed = [name for name, entry in entries.items() if current.get(name) != entry]
        for start in range(0, len(changed), 500):
            names = changed[start : start + 500]
            await connection.execute(update(TOOL_VERSION).where(TOOL_VERSION.c.name.in_(names), TOOL_VERSION.c.until.is_(None)).values(until=now))
            rows = [{"name": name, "since": now, "until": None, "entry": entries[name]} for name in names]
            await connection.execute(TOOL_VERSION.insert(), rows)
            for name in names:
                await record(connection, now, "ToolChanged" if name in current else "ToolRegistered", name)
        if changed:
            await self._raise(connection, REGISTER)
        return len(changed)

    async def _raise(self, connection: AsyncConnection, name: str) -> None:
        """Count a version up; every turn that relied on the old number is done again."""
        raised = await connection.execute(update(VERSION).where(VERSION.c.name == name).values(number=VERSION.c.number + 1))
        if raised.rowcount == 0:
            await connection.execute(VERSION.insert(), {"name": name, "number": 1})

    async def tidy(self, now: datetime, limits: "Mapping[str, datetime]") -> dict[str, int]:
        """Delete what has passed its time; how many rows of each kind.

        Shapes   limits: for deliveries, questions, receipts and conversations, the instant before which they go.
        """
        places = {
            "deliveries": delete(DELIVERY).where(DELIVERY.c.at < limits["deliveries"]),
            "questions": delete(RECEIPT_DETAIL).where(RECEIPT_DETAIL.c.at < limits["questions"]),
            "conversations": delete(CONVERSATION).where(CONVERSATION.c.at < limits["conversations"]),
            "cards": delete(OUTBOX).where(OUTBOX.c.state == "shown", OUTBOX.c.created_at < limits["questions"]),
            "receipts": delete(RECEIPT).where(RECEIPT.c.at < limits["receipts"]),
        }
        async with writing(self.engine) as connection:
            return {name: int((await connection.execute(statement)).rowcount) for name, statement in places.items()}


class ChangedContent(Exception):
    """The content folder differs from the policy recorded under the same version."""


async def record(connection: AsyncConnection, now: datetime, kind: str, ref: str) -> None:
    """Append an event."""

    await connection.execute(EVENT.insert(), {"id": uuid.uuid4().hex, "at": now, "kind": kind, "ref": ref, "actor": "system", "data": "[]"})

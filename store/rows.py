"""A unit's plain rows: receipts, accounts, cards, questions and events, and the statements that write them."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, bindparam, case, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.delivery.messenger import Leased
from bot.engine.codecs import CARDS, stored_card
from bot.engine.ports import Unanswered, Unit
from bot.ui.card import RECEIPT_MARK
from store.tables import ACCOUNT, DELIVERY, EVENT, EVENT_DETAIL, OUTBOX, RECEIPT, UNANSWERED, VERSION

LEASE = timedelta(seconds=30)

Row = dict[str, Any]


def rows_of(unit: Unit, now: datetime, rows: dict[str, list[Row]]) -> list[Leased]:
    """Add a unit's rows to `rows`, by the statement that writes them; the cards that this process has leased."""
    fresh: list[Leased] = []
    at = unit.at or now
    for receipt in unit.receipts:
        rows.setdefault("receipt", []).append(
            {
                "id": receipt.id,
                "at": receipt.at,
                "account": receipt.account,
                "intent": receipt.intent,
                "verdict": receipt.verdict,
                "policy_version": receipt.policy_version,
                "register_version": receipt.register_version,
                "conversation": receipt.conversation,
                "record": receipt.record,
                "words": receipt.words,
            }
        )
    for account in unit.accounts:
        rows.setdefault("account", []).append(
            {
                "id": account.id,
                "platform": account.platform,
                "email": account.email,
                "name": account.name,
                "standing": account.standing.value,
                "address": account.address,
                "checked_at": account.checked_at,
                "used_at": account.used_at,
            }
        )
    for want in unit.wants:
        card = stored_card(want.card).replace(RECEIPT_MARK, want.receipt)
        row: Row = {
            "id": uuid.uuid4().hex,
            "platform": want.platform,
            "address": want.address,
            "key": want.key,
            "card": card,
            "state": "due",
            "wanted": 1,
            "shown": 0,
            "message": "",
            "due_at": at,
            "expires_at": want.expires_at,
            "created_at": at,
            "failures": 0,
            "problem": "",
            "topic": want.topic,
            "person": want.person,
        }
        if want.fresh:
            row |= {"attempts": 1, "leased_until": now + LEASE}
            rows.setdefault("fresh", []).append(row)
            fresh.append(
                Leased(
                    row["id"], want.platform, want.address, want.key, want.card, "", 1, 1, 0, want.expires_at, want.topic, want.person, want.receipt
                )
            )
        else:
            rows.setdefault("want", []).append(row | {"attempts": 0, "leased_until": None})
    for question in unit.unanswered:
        rows.setdefault("unanswered", []).append(row_of(question, at))
    for happened in unit.events:
        id = uuid.uuid4().hex
        data = CARDS.dump(tuple(f"{key}={value}" for key, value in happened.data.items()))
        rows.setdefault("event", []).append({"id": id, "at": at, "kind": happened.kind, "ref": happened.ref, "actor": happened.actor, "data": data})
        if happened.detail:
            rows.setdefault("event_detail", []).append({"event": id, "at": at, "text": happened.detail})
    return fresh


def row_of(question: Unanswered, at: datetime) -> Row:
    """An unanswered question as a row."""
    shape, lacking = question.shape[:200], question.lacking[:200]
    return {"id": uuid.uuid4().hex, "at": at, "reason": question.reason.value, "language": question.language, "shape": shape, "lacking": lacking}


class Statements:
    """The statements of a unit, made once so that the driver may keep them prepared."""

    def __init__(self, dialect: str) -> None:
        upsert = postgresql_insert if dialect == "postgresql" else sqlite_insert
        self.versions = select(VERSION.c.name, VERSION.c.number)
        self.claim = upsert(DELIVERY).on_conflict_do_nothing(index_elements=["key"]).returning(DELIVERY.c.key)
        account = upsert(ACCOUNT)
        want = upsert(OUTBOX)
        self.inserts: Mapping[str, Executable] = {
            "receipt": insert(RECEIPT),
            "account": account.on_conflict_do_update(
                index_elements=["id"],
                set_={name: account.excluded[name] for name in ("email", "name", "standing", "address", "checked_at", "used_at")},
            ),
            "fresh": insert(OUTBOX),
            "want": want.on_conflict_do_update(
                index_elements=["address", "key"],
                set_={
                    "card": want.excluded.card,
                    "wanted": OUTBOX.c.wanted + 1,
                    "state": "due",
                    "due_at": want.excluded.due_at,
                    "expires_at": want.excluded.expires_at,
                    "failures": 0,
                    "problem": "",
                },
            ),
            "unanswered": insert(UNANSWERED),
            "event": insert(EVENT),
            "event_detail": insert(EVENT_DETAIL),
        }
        self._delivered: dict[tuple[str, ...], Executable] = {}

    def delivered(self, columns: tuple[str, ...]) -> Executable:
        """Write these columns of a card, if the attempt still holds its lease."""
        if columns not in self._delivered:
            statement = update(OUTBOX).where(
                OUTBOX.c.id == bindparam("row_id"),
                OUTBOX.c.attempts == bindparam("row_attempts"),
            )
            values: dict[str, Any] = {name: bindparam(name) for name in columns}
            if "shown" in columns:  # a change that came while it was being sent makes it due again
                values["state"] = case((OUTBOX.c.wanted > bindparam("shown"), "due"), else_="shown")
            self._delivered[columns] = statement.values(values)
        return self._delivered[columns]

"""What units say about cases, timers, drafts, grants, tools, settings and notices, as rows; and the statements that write them.

The rows of all units of a transaction go together, a statement each, in the order of `Statements.order`: what is taken
away comes before what is put in its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, delete, insert, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.case.codec import Codec
from bot.engine.ports import Unit
from bot.policy.grants import Grant, GrantKind
from store.tables import CASE, DRAFT, GRANT, NOTICE, PREFERENCE, STAND_IN, TIMER, TOOL_VERSION, VERSION, WAITING

GRANTED = Codec(Grant, GrantKind)
REGISTER, GRANTS = "register", "grant"

Row = dict[str, Any]


def case_rows(unit: Unit, at: datetime, codec: Codec) -> Iterator[tuple[str, Row]]:
    """A unit's rows, each with the name of the statement that writes it."""
    if unit.fired:
        yield "no_timer", {"row_key": unit.fired.key}
    for write in unit.cases:
        row: Row = {
            "phase": write.phase, "open_key": write.open_key, "asker": write.asker, "subject": write.subject, "due_at": write.due_at,
            "updated_at": at, "state": write.state,
        }  # fmt: skip
        if write.version == 0:
            yield "add_case", {"id": write.id, "kind": write.kind, "version": 1, "opened_at": write.opened_at, **row}
        else:
            yield "change_case", {"row_id": write.id, "row_version": write.version, "version": write.version + 1, **row}
            yield "nobody_waits", {"row_case": write.id}
        for person in write.waiting:
            yield "add_waiting", {"case": write.id, "person": person, "due_at": write.due_at}
    for timer in unit.timers:
        if timer.at is not None:
            yield "timer", {"key": timer.key, "case": timer.case, "due_at": timer.at, "command": timer.command}
        elif timer.key.endswith("/"):
            yield "no_timers", {"row_case": timer.case}
        else:
            yield "no_timer", {"row_key": timer.key}
    yield from draft_rows(unit, codec)
    yield from grant_rows(unit, at)
    for tool in (change.after for change in unit.tools):
        yield "close_tool", {"row_name": tool.name, "row_at": at}
        yield "add_tool", {"name": tool.name, "since": at, "until": None, "entry": codec.dump(tool)}
    yield from setting_rows(unit)
    for notice in unit.notices:
        yield (
            "notice",
            {"topic": notice.topic, "person": notice.person, "why": notice.why, "due_at": notice.due_at, "told_at": None, "problem": ""},
        )
    for topic, person in unit.told:
        yield "told", {"row_topic": topic, "row_person": person, "row_at": at}
    for (topic, person), problem in unit.untold.items():
        yield "untold", {"row_topic": topic, "row_person": person, "row_problem": problem}


def draft_rows(unit: Unit, codec: Codec) -> Iterator[tuple[str, Row]]:
    """Forms that were begun, went on, or are over."""
    for id in unit.dropped_drafts:
        yield "no_draft", {"row_id": id}
    for draft in unit.drafts:
        if draft.active:  # one conversation at a time
            yield "calm_drafts", {"row_account": draft.account, "row_id": draft.id}
        state = codec.dump(draft)
        yield "draft", {"id": draft.id, "account": draft.account, "active": draft.active, "updated_at": draft.updated_at, "state": state}


def grant_rows(unit: Unit, at: datetime) -> Iterator[tuple[str, Row]]:
    """Grants that were given, used, or have ended."""
    for id in unit.ended_grants:
        yield "end_grant", {"row_id": id, "row_at": at}
    for grant in unit.grants:
        row: Row = {"id": grant.id, "person": grant.person, "tool": grant.tool, "until": grant.until, "ended_at": None, "used": 0}
        yield "grant", row | {"entry": GRANTED.dump(grant)}
    for id in unit.used_grants:
        yield "use_grant", {"row_id": id, "row_at": at}


def setting_rows(unit: Unit) -> Iterator[tuple[str, Row]]:
    """What people set for themselves."""
    for change in unit.stand_ins:
        yield "no_stand_in", {"row_person": change.person}
        if change.stand_in:
            yield "stand_in", {"person": change.person, "stand_in": change.stand_in, "since": change.since, "until": change.until}
    for person, platform in unit.preferences.items():
        yield "no_preference", {"row_person": person}
        yield "preference", {"person": person, "platform": platform}


class CaseStatements:
    """The statements, made once, in the order in which they run."""

    def __init__(self, dialect: str) -> None:
        upsert: Any = postgresql_insert if dialect == "postgresql" else sqlite_insert
        timer, draft, grant, notice = upsert(TIMER), upsert(DRAFT), upsert(GRANT), upsert(NOTICE)
        columns = ("version", "phase", "open_key", "asker", "subject", "due_at", "updated_at", "state")
        guarded = update(CASE).where(CASE.c.id == bindparam("row_id"), CASE.c.version == bindparam("row_version"))
        open_ended = (TOOL_VERSION.c.name == bindparam("row_name"), TOOL_VERSION.c.until.is_(None))
        others = (DRAFT.c.account == bindparam("row_account"), DRAFT.c.id != bindparam("row_id"))
        told = (NOTICE.c.topic == bindparam("row_topic"), NOTICE.c.person == bindparam("row_person"))
        self.order: Mapping[str, Executable] = {
            "no_timers": delete(TIMER).where(TIMER.c.case == bindparam("row_case")),
            "no_timer": delete(TIMER).where(TIMER.c.key == bindparam("row_key")),
            "change_case": guarded.values({name: bindparam(name) for name in columns}),
            "add_case": insert(CASE),
            "nobody_waits": delete(WAITING).where(WAITING.c.case == bindparam("row_case")),
            "add_waiting": insert(WAITING),
            "timer": timer.on_conflict_do_update(index_elements=["key"], set_={name: timer.excluded[name] for name in ("due_at", "command")}),
            "no_draft": delete(DRAFT).where(DRAFT.c.id == bindparam("row_id")),
            "calm_drafts": update(DRAFT).where(*others).values(active=False),
            "draft": draft.on_conflict_do_update(
                index_elements=["id"], set_={name: draft.excluded[name] for name in ("account", "active", "updated_at", "state")}
            ),
            "end_grant": update(GRANT).where(GRANT.c.id == bindparam("row_id")).values(ended_at=bindparam("row_at")),
            "grant": grant.on_conflict_do_update(index_elements=["id"], set_={name: grant.excluded[name] for name in ("until", "ended_at", "entry")}),
            "use_grant": update(GRANT).where(GRANT.c.id == bindparam("row_id")).values(used=GRANT.c.used + 1, used_at=bindparam("row_at")),
            "close_tool": update(TOOL_VERSION).where(*open_ended).values(until=bindparam("row_at")),
            "add_tool": insert(TOOL_VERSION),
            "no_stand_in": delete(STAND_IN).where(STAND_IN.c.person == bindparam("row_person")),
            "stand_in": insert(STAND_IN),
            "no_preference": delete(PREFERENCE).where(PREFERENCE.c.person == bindparam("row_person")),
            "preference": insert(PREFERENCE),
            "notice": notice.on_conflict_do_nothing(index_elements=["topic", "person"]),
            "told": update(NOTICE).where(*told).values(told_at=bindparam("row_at")),
            "untold": update(NOTICE).where(*told).values(problem=bindparam("row_problem")),
        }
        self.count_up = update(VERSION).where(VERSION.c.name == bindparam("row_name")).values(number=VERSION.c.number + 1)
        self.first_count = insert(VERSION)

    def write(self, connection: Connection, units: Iterable[Unit], now: datetime, codec: Codec) -> None:
        """Everything these units say, and the versions counted up that it changes."""
        rows: dict[str, list[Row]] = {}
        for unit in units:
            for name, row in case_rows(unit, unit.at or now, codec):
                rows.setdefault(name, []).append(row)
        for name, statement in self.order.items():
            if name in rows:
                connection.execute(statement, rows[name])
        if {"end_grant", "grant"} & rows.keys():
            connection.execute(self.count_up, {"row_name": GRANTS})
        if "add_tool" in rows and connection.execute(self.count_up, {"row_name": REGISTER}).rowcount == 0:
            connection.execute(self.first_count, {"name": REGISTER, "number": 1})

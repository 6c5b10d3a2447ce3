"""people.csv → people, a row at a time; every wrong row named by its line.

The file is read twice: once to find every fault, once to take the rows over, so that a file of any length takes the same
memory. Of each address seen, only eight bytes are remembered.
"""

import csv
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.policy.document import Fault

COLUMNS = ("email", "name", "manager", "department", "kind", "location", "start_date", "slack_id", "teams_id")
KINDS = ("employee", "contractor", "third_party")
MOST_FAULTS = 200  # a file with more is the wrong file; the first ones say why

Row = dict[str, object]


def check_people(file: Path) -> tuple[int, list[Fault]]:
    """How many people a file holds, and everything that is wrong with it; with faults nothing of it may be used."""
    faults: list[Fault] = []
    seen: dict[bytes, int] = {}
    count = 0
    for line, found in rows(file):
        if isinstance(found, Fault):
            faults.append(found)
        else:
            count += 1
            email = str(found["email"])
            mark = hashlib.blake2b(email.encode(), digest_size=8).digest()
            if (first := seen.setdefault(mark, line)) != line:
                faults.append(Fault(file.name, line, f"“{email}” already stands at line {first}; keep one row"))
        if len(faults) >= MOST_FAULTS:
            faults.append(Fault(file.name, line, "the rest of the file was not looked at; mend these rows first"))
            break
    return count, faults


def people_in(file: Path) -> Iterator[Row]:
    """The people of a file that has no faults."""
    for _, found in rows(file):
        if not isinstance(found, Fault):
            yield found


def rows(file: Path) -> Iterator[tuple[int, Row | Fault]]:
    """Each row with its line: a person, or what is wrong with it."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            found = csv.reader(lines)
            if tuple(next(found, [])) != COLUMNS:
                yield 1, Fault(file.name, 1, f"the header must be {','.join(COLUMNS)}")
                return
            for row in found:
                if row:
                    person, faults = read_row(file.name, found.line_num, row)
                    for fault in faults:
                        yield found.line_num, fault
                    if not faults:
                        yield found.line_num, person
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        yield 1, Fault(file.name, 1, f"the file cannot be read as UTF-8 CSV ({type(error).__name__}); check its name and encoding")


def read_row(name: str, line: int, row: list[str]) -> tuple[Row, list[Fault]]:
    """A row's person, with what is wrong with it."""
    if len(row) != len(COLUMNS):
        return {}, [Fault(name, line, f"the row has {len(row)} fields, not {len(COLUMNS)}; check its commas and quotes")]
    faults: list[Fault] = []
    person: Row = {key: value.strip() for key, value in zip(COLUMNS, row, strict=True)}
    email, manager, kind = str(person["email"]).lower(), str(person["manager"]).lower(), str(person["kind"]) or "employee"
    if email.count("@") != 1 or " " in email or email.startswith("@") or email.endswith("@"):
        faults.append(Fault(name, line, f"“{email}” is not an e-mail address; it is the key and required"))
    if manager and "@" not in manager:
        faults.append(Fault(name, line, f"the manager “{manager}” must be an e-mail address"))
    if manager and manager == email:
        faults.append(Fault(name, line, f"“{email}” cannot be their own manager; leave it empty or name somebody else"))
    if kind not in KINDS:
        faults.append(Fault(name, line, f"the kind “{kind}” must be one of {', '.join(KINDS)}"))
    start: date | None = None
    try:
        start = date.fromisoformat(str(person["start_date"])) if person["start_date"] else None
    except ValueError:
        faults.append(Fault(name, line, f"the start date “{person['start_date']}” must look like 2026-01-15"))
    return person | {"email": email, "manager": manager, "kind": kind, "start_date": start}, faults

"""people.csv → people, every wrong row named by its line."""

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.policy.document import Fault

COLUMNS = ("email", "name", "manager", "department", "kind", "location", "start_date", "slack_id", "teams_id")
KINDS = ("employee", "contractor", "third_party")


@dataclass(slots=True)
class Found:
    """What a file holds. With faults, nothing of it may be used."""

    people: list[dict[str, object]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_people(file: Path) -> Found:
    """The people in a CSV file."""
    found = Found()
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines)
            header = next(rows, [])
            if tuple(header) != COLUMNS:
                found.faults.append(Fault(file.name, 1, f"the header must be {','.join(COLUMNS)}"))
                return found
            seen: dict[str, int] = {}
            for row in rows:
                if row:
                    read_row(found, file.name, rows.line_num, row, seen)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        found.faults.append(Fault(file.name, 1, f"the file cannot be read as UTF-8 CSV ({type(error).__name__}); check its name and encoding"))
    return found


def read_row(found: Found, name: str, line: int, row: list[str], seen: dict[str, int]) -> None:
    """Add a row's person, or its faults."""
    before = len(found.faults)
    if len(row) != len(COLUMNS):
        found.faults.append(Fault(name, line, f"the row has {len(row)} fields, not {len(COLUMNS)}; check its commas and quotes"))
        return
    person: dict[str, object] = {key: value.strip() for key, value in zip(COLUMNS, row, strict=True)}
    email, manager, kind = str(person["email"]).lower(), str(person["manager"]).lower(), str(person["kind"]) or "employee"
    if email.count("@") != 1 or " " in email or email.startswith("@") or email.endswith("@"):
        found.faults.append(Fault(name, line, f"“{email}” is not an e-mail address; it is the key and required"))
    if manager and "@" not in manager:
        found.faults.append(Fault(name, line, f"the manager “{manager}” must be an e-mail address"))
    if kind not in KINDS:
        found.faults.append(Fault(name, line, f"the kind “{kind}” must be one of {', '.join(KINDS)}"))
    start: date | None = None
    try:
        start = date.fromisoformat(str(person["start_date"])) if person["start_date"] else None
    except ValueError:
        found.faults.append(Fault(name, line, f"the start date “{person['start_date']}” must look like 2026-01-15"))
    if (first := seen.setdefault(email, line)) != line:
        found.faults.append(Fault(name, line, f"“{email}” already stands at line {first}; keep one row"))
    if len(found.faults) == before:
        found.people.append(person | {"email": email, "manager": manager, "kind": kind, "start_date": start})

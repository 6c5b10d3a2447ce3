"""Who may fill a seat now, and why: from roles, the directory, stand-ins and who can be reached. Pure.

Who has left has no authority. Somebody who is away keeps theirs, and their stand-in has it too; a stand-in's own stand-in
has not. Where nobody of a role can be reached, the managers of its holders may decide, then the holders of the fallback
role. Nobody who is barred (the asker, by any address) is ever among them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.people.model import Known, same_person


class Why(StrEnum):
    """Why somebody may decide."""

    ROLE = "role"
    STAND_IN = "stand_in"
    DELEGATE = "delegate"
    MANAGER = "manager"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may fill a seat. `instead_of` is whose place they take, if anybody's."""

    person: str
    why: Why
    role: str
    instead_of: str = ""


def approvers(
    roles: tuple[str, ...],
    holders: Mapping[str, tuple[str, ...]],
    barred: Iterable[str],
    known: Known,
    day: date,
    *,
    fallback_role: str = "",
    delegated: tuple[tuple[str, str], ...] = (),
) -> tuple[Approver, ...]:
    """Everybody who may fill a seat of these roles, in the order in which they are asked.

    Shapes   holders: role → addresses, `manager` being the asker's own; delegated: (from, to) for this one decision.
    """
    barred = tuple(barred)

    def free(person: str) -> bool:
        return known.active(person) and not any(same_person(person, other) for other in barred)

    found: dict[str, Approver] = {}
    for role in roles:
        for holder in holders.get(role, ()):
            if free(holder):
                found.setdefault(holder, Approver(holder, Why.ROLE, role))
            if known.active(holder):  # a barred asker's stand-in would decide in the asker's name: not offered
                away = known.stand_ins.get(holder)
                if free(holder) and away and away.holds_on(day) and free(away.stand_in):
                    found.setdefault(away.stand_in, Approver(away.stand_in, Why.STAND_IN, role, holder))
    for giver, taker in delegated:
        if giver in found and free(taker):
            found.setdefault(taker, Approver(taker, Why.DELEGATE, found[giver].role, giver))
    if any(person in known.reachable for person in found):
        return tuple(found.values())
    for role in roles:
        for holder in holders.get(role, ()):
            entry = known.people.get(holder)
            if entry and entry.manager and free(entry.manager):
                found.setdefault(entry.manager, Approver(entry.manager, Why.MANAGER, role, holder))
    if any(person in known.reachable for person in found):
        return tuple(found.values())
    for holder in holders.get(fallback_role, ()):
        if free(holder):
            found.setdefault(holder, Approver(holder, Why.FALLBACK, fallback_role))
    return tuple(found.values())


def is_away(known: Known, person: str, day: date) -> bool:
    """Whether somebody has a stand-in on this day."""
    away = known.stand_ins.get(person)
    return away is not None and away.holds_on(day)

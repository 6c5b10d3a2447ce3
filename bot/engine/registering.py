"""Changes of the register, put into a unit: the entry, its event, and the notices to whom it takes something away."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from bot.case.base import Actor, Refused
from bot.case.ids import new_id
from bot.engine.codecs import REQUESTS
from bot.engine.ports import Happened, Unit
from bot.engine.records import TimerWrite, ToolChange
from bot.engine.world import World
from bot.policy.model import Policy, Tool
from bot.register.case import decide
from bot.register.commands import Command, PutEntry
from bot.requests.commands import TellAffected


def change_register(order: Command, tool: Tool | None, policy: Policy, today: date, unit: Unit, at: datetime) -> None:
    """Put a change of the register into the unit; an order that is refused changes nothing.

    Shapes   tool: the entry as it stands; a change of it that is in the unit already comes before it.
    """
    before = next((change for change in unit.tools if tool and change.after.name == tool.name), None)
    changed = decide(before.after if before else tool, order, policy, today)
    if isinstance(changed, Refused):
        return
    unit.tools = [*(change for change in unit.tools if change is not before), ToolChange(tool, changed.after)]
    data = {"tier": changed.after.tier, "before": changed.before.tier if changed.before else "", "status": changed.after.status.value}
    unit.events.append(Happened(changed.kind, changed.after.name, order.by.account, data | {"record": changed.record}, changed.reason))
    if changed.downgrade:
        topic = new_id("CHG")
        unit.timers.append(TimerWrite(f"{topic}/notices", topic, at, REQUESTS.dump(TellAffected(order.by, changed.after.name, changed.kind, at))))


def put_entries(by: Actor, entries: Iterable[Tool], current: Mapping[str, Tool], policy: Policy, at: datetime) -> Unit:
    """A unit that brings the register up to date with these entries; those that stand so already are left alone."""
    unit = Unit(at=at)
    for entry in entries:
        if current.get(entry.name) != entry:
            change_register(PutEntry(by, entry), current.get(entry.name), policy, at.date(), unit, at)
    return unit


def tool_named(world: World, name: str) -> Tool | None:
    """The register's entry with this name or alias."""
    wanted = name.casefold().strip()
    exact = next((tool for tool in world.tools if tool.name.casefold() == wanted), None)
    return exact or next((tool for tool in world.tools if wanted in (alias.casefold() for alias in tool.aliases)), None)

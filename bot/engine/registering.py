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
from bot.register.case import Changed, decide, put
from bot.register.commands import Command
from bot.requests.commands import TellAffected


def change_register(order: Command, tool: Tool | None, policy: Policy, today: date, unit: Unit, at: datetime) -> None:
    """Put a change of the register into the unit; an order that is refused changes nothing.

    Shapes   tool: the entry as it stands; a change of it that is in the unit already comes before it.
    """
    before = next((change for change in unit.tools if tool and change.after.name == tool.name), None)
    changed = decide(before.after if before else tool, order, policy, today)
    if isinstance(changed, Refused):
        return
    unit.tools = [change for change in unit.tools if change is not before]
    write(changed, tool, order.by, unit, at)


def write(changed: Changed, tool: Tool | None, by: Actor, unit: Unit, at: datetime) -> None:
    """Put what was decided into the unit; `tool` is the entry that it rests on."""
    after = changed.after
    unit.tools.append(ToolChange(tool, after))
    data = {"tier": after.tier, "before": changed.before.tier if changed.before else "", "status": after.status.value, "record": changed.record}
    unit.events.append(Happened(changed.kind, after.name, by.account, data, changed.reason))
    if changed.downgrade:
        topic = new_id("CHG")
        unit.timers.append(TimerWrite(f"{topic}/notices", topic, at, REQUESTS.dump(TellAffected(by, after.name, changed.kind, at))))


def put_entries(by: Actor, entries: Iterable[Tool], current: Mapping[str, Tool], policy: Policy, at: datetime) -> Unit:
    """A unit that brings the register up to date with these entries; those that stand so already are left alone."""
    unit = Unit(at=at)
    for entry in entries:
        tool = current.get(entry.name)
        if tool != entry:
            write(put(tool, entry, policy), tool, by, unit, at)
    return unit


def tool_named(world: World, name: str) -> Tool | None:
    """The register's entry with this name or alias."""
    wanted = name.casefold().strip()
    exact = next((tool for tool in world.tools if tool.name.casefold() == wanted), None)
    return exact or next((tool for tool in world.tools if wanted in (alias.casefold() for alias in tool.aliases)), None)

"""An entry of the AI tool register: `decide`, `evolve`, and whether a change takes something away from people. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from bot.case.base import Refused
from bot.policy.model import Policy, Status, Tool
from bot.register.commands import AssignTier, Command, SetStatus


@dataclass(frozen=True, slots=True)
class Changed:
    """A tool as it stands from now on; `kind` names the event, `downgrade` that somebody loses something by it."""

    kind: str
    before: Tool | None
    after: Tool
    record: str
    downgrade: bool
    reason: str = ""


def decide(tool: Tool | None, order: Command, policy: Policy, today: date) -> Changed | Refused:
    """The entry after an order, or why it is refused."""
    match order:
        case AssignTier():
            if policy.tier(order.tier) is None:
                return Refused("register_no_tier", {"tier": order.tier})
            if order.takes_back and (tool is None or tool.request != order.record):
                return Refused("register_moved_on", {"tool": order.tool})
            entry = tool or Tool(name=order.tool, tier=order.tier)
            after = replace(
                entry,
                tier=order.tier,
                status=Status.ACTIVE if order.revives and entry.status is Status.RETIRED else entry.status,
                owner=order.owner or entry.owner,
                assessed=today,
                review_by=order.review_by,
                conditions=order.conditions,
                facts=order.facts,
                request=order.record,
                sample=False,
            )
            return Changed("TierAssigned" if tool else "ToolRegistered", tool, after, order.record, is_downgrade(policy, tool, after))
        case SetStatus():
            if tool is None:
                return Refused("register_no_tool", {"tool": order.tool})
            if order.only_from and tool.status is not order.only_from:
                return Refused("register_moved_on", {"tool": tool.name})
            if tool.status is order.status:
                return Refused("register_same_status", {"tool": tool.name})
            after = replace(tool, status=order.status)
            kind = {Status.ACTIVE: "ToolRestored", Status.SUSPENDED: "ToolSuspended", Status.RETIRED: "ToolRetired"}[order.status]
            return Changed(kind, tool, after, "", is_downgrade(policy, tool, after), order.reason)


def put(tool: Tool | None, entry: Tool, policy: Policy) -> Changed:
    """A whole entry as an administrator's file has it."""
    return Changed("ToolChanged" if tool else "ToolRegistered", tool, entry, entry.request, is_downgrade(policy, tool, entry))


def is_downgrade(policy: Policy, before: Tool | None, after: Tool) -> bool:
    """Whether people may do less with a tool than before (R65, R66)."""
    if before is None:
        return False
    if before.status is Status.ACTIVE and after.status is not Status.ACTIVE:
        return True
    if before.tier == after.tier:
        return bool(set(after.conditions) - set(before.conditions))
    order = [tier.id for tier in policy.tiers]
    if before.tier not in order or after.tier not in order:
        return True
    return order.index(after.tier) > order.index(before.tier)

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
            entry = tool or Tool(name=order.tool, tier=order.tier)
            after = replace(
                entry,
                tier=order.tier,
                status=entry.status if entry.status is Status.SUSPENDED else Status.ACTIVE,
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
            if tool.status is order.status:
                return Refused("register_same_status", {"tool": tool.name})
            after = replace(tool, status=order.status)
            kind = {Status.ACTIVE: "ToolRestored", Status.SUSPENDED: "ToolSuspended", Status.RETIRED: "ToolRetired"}[order.status]
            return Changed(kind, tool, after, "", order.status is not Status.ACTIVE, order.reason)


def is_downgrade(policy: Policy, before: Tool | None, after: Tool) -> bool:
    """Whether people may do less with a tool than before (R65, R66)."""
    if before is None or before.tier == after.tier:
        return before is not None and bool(set(after.conditions) - set(before.conditions))
    order = [tier.id for tier in policy.tiers]
    if before.tier not in order or after.tier not in order:
        return True
    return order.index(after.tier) > order.index(before.tier)

""" "Not that, but this": approved tools that can do the same with this data under fewer conditions."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.judge import Judgement, judge
from bot.policy.model import Policy, ProhibitedInput, Status, Tool, Verdict

MOST = 3
BETTER = (Verdict.PERMITTED, Verdict.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A tool that could be used instead, and on which terms."""

    tool: Tool
    judgement: Judgement


def alternatives(
    policy: Policy, tools: Sequence[Tool], tool: Tool | None, data: str | None, uses: tuple[str, ...], now: Verdict
) -> tuple[Alternative, ...]:
    """At most three tools with a milder verdict for the same data and purpose, fewest conditions first.

    Shapes   tool: the one asked about, whose capabilities the others share; unregistered tools share with all.
    """
    if tool is None or data is None or now is Verdict.PERMITTED or isinstance(policy.by_id.get(data), ProhibitedInput):
        return ()
    wanted = frozenset(tool.capabilities)
    found: list[tuple[tuple[int, int, int, int, str], Alternative]] = []
    order = {tier.id: place for place, tier in enumerate(policy.tiers)}
    judged: dict[str, Judgement] = {}
    for other in tools:
        shared = len(wanted & frozenset(other.capabilities))
        if other.status is not Status.ACTIVE or other.name == tool.name or (wanted and not shared) or other.tier not in order:
            continue
        judgement = judged.get(other.tier) if not other.enterprise else None
        if judgement is None:
            judgement = judge(policy, other, data, uses, tools)
            if not other.enterprise:
                judged[other.tier] = judgement
        if judgement.verdict not in BETTER or not milder(judgement.verdict, now):
            continue
        own = 0 if other.name == tool.enterprise else 1
        rank = (BETTER.index(judgement.verdict), len(judgement.conditions), own, -shared, other.name)
        found.append((rank, Alternative(other, judgement)))
    return tuple(alternative for _, alternative in sorted(found, key=lambda item: item[0])[:MOST])


def milder(one: Verdict, than: Verdict) -> bool:
    """Whether the first verdict asks less than the second."""
    return one is Verdict.PERMITTED or than is Verdict.PROHIBITED

""" "Not that, but this": approved tools that can do the same with this data under fewer conditions."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.judge import Judgement, judge
from bot.policy.model import Policy, ProhibitedInput, Status, Tool, Verdict

MOST = 3
REMEMBERED = 5000
BETTER = (Verdict.PERMITTED, Verdict.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A tool that could be used instead, and on which terms."""

    tool: Tool
    judgement: Judgement


class Alternatives:
    """The register as a source of alternatives; what was found once is kept, for the same questions come again."""

    def __init__(self, policy: Policy, tools: Sequence[Tool]) -> None:
        self._policy, self.tools = policy, tuple(tools)
        self.active = frozenset(tool.name for tool in tools if tool.status is Status.ACTIVE)
        self._kept: dict[tuple[str, str, tuple[str, ...], Verdict], tuple[Alternative, ...]] = {}

    def to(self, tool: Tool | None, data: str | None, uses: tuple[str, ...], now: Verdict) -> tuple[Alternative, ...]:
        """At most three tools with a milder verdict for the same data and purpose, fewest conditions first.

        Shapes   tool: the one asked about, whose capabilities the others share; unregistered tools share with all.
        """
        if tool is None or data is None or now is Verdict.PERMITTED or isinstance(self._policy.data.get(data), ProhibitedInput):
            return ()
        key = (tool.name if tool.known else "", data, uses, now)
        if key not in self._kept:
            if len(self._kept) >= REMEMBERED:
                self._kept.clear()
            self._kept[key] = self._found(tool, data, uses, now)
        return self._kept[key]

    def _found(self, tool: Tool, data: str, uses: tuple[str, ...], now: Verdict) -> tuple[Alternative, ...]:
        policy, wanted = self._policy, frozenset(tool.capabilities)
        found: list[tuple[tuple[int, int, int, int, str], Alternative]] = []
        tiers = {tier.id for tier in policy.tiers}
        for other in self.tools:
            shared = len(wanted & frozenset(other.capabilities))
            if other.name not in self.active or other.name == tool.name or (wanted and not shared) or other.tier not in tiers:
                continue
            judgement = judge(policy, other, data, uses, self.tools)
            if judgement.verdict not in BETTER or not milder(judgement.verdict, now):
                continue
            own = 0 if other.name == tool.enterprise else 1
            rank = (BETTER.index(judgement.verdict), len(judgement.conditions), own, -shared, other.name)
            found.append((rank, Alternative(other, judgement)))
        return tuple(alternative for _, alternative in sorted(found, key=lambda item: item[0])[:MOST])


def milder(one: Verdict, than: Verdict) -> bool:
    """Whether the first verdict asks less than the second."""
    return one is Verdict.PERMITTED or than is Verdict.PROHIBITED

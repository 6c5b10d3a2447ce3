"""What the policy says about a use of AI: a pure function of the policy, the tool, the data and the purposes.

    judge     one pair of tool and data, either of which may be unsaid
    Rule      one sentence of the policy that applies, with the verdict it gives
    Judgement the strictest rule wins; the weaker ones are kept, so that an answer can show what lost

It never raises, does not depend on the order of rules, and fails towards No: what the policy does not know is
prohibited. An extra rule can only make the verdict stricter. A grant replaces the one rule it was given for: the cell of
its own tool and data, while the tool keeps its tier. It lifts no prohibited input, no prohibited use, no suspension and no condition of the tool.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from bot.policy.grants import Grant, GrantKind
from bot.policy.model import (
    Cell,
    Effect,
    Policy,
    ProhibitedInput,
    Status,
    Tool,
    Verdict,
    strictest,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be true first. `wording` names a reply that says it; without one, `text` is the condition itself."""

    text: str
    approvers: tuple[str, ...] = ()
    self_check: bool = False
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that applies. `id` names it for receipts, `wording` the reply that states it."""

    id: str
    verdict: Verdict
    section: str
    wording: str
    subject: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one pair, and why. `data` is the id it was judged as; `tool` or `data` is None where unsaid."""

    tool: Tool | None
    data: str | None
    verdict: Verdict
    won: tuple[Rule, ...]
    lost: tuple[Rule, ...]
    #: The grant that the verdict rests on, if any.
    grant: Grant | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What has to be true first; empty unless the verdict is conditional."""
        if self.verdict is not Verdict.CONDITIONAL:
            return ()
        return tuple(dict.fromkeys(rule.condition for rule in self.won if rule.condition))

    @property
    def citations(self) -> tuple[str, ...]:
        """The sections that the verdict rests on, in the policy's order; never empty."""
        return tuple(sorted({rule.section for rule in self.won}, key=lambda section: (len(section), section)))


def judge(policy: Policy, tool: Tool | None, data: str | None, uses: Iterable[str], tools: Iterable[Tool], grants: Iterable[Grant] = ()) -> Judgement:
    """The verdict on this use.

    Shapes   data: id of a class or prohibited input; uses: ids of uses; tools: the register, to complete an unsaid tool;
             grants: those that hold for the person who asks.
    Source   matrix.yaml. Where tool or data is unsaid: the verdict that every completion gives, else ask_back.
    """
    purposes = tuple(dict.fromkeys(uses))
    if tool is not None and data is not None:
        applying = rules(policy, tool, data, purposes)
        granted = granted_rule(policy, tool, data, grants)
        if granted is None:
            return decide(tool, data, applying)
        rule, grant = granted
        judgement = decide(tool, data, (*(other for other in applying if other.id != f"{tool.tier}/{data}"), rule))
        return replace(judgement, grant=grant if rule in judgement.won else None)
    settled = decide(tool, data, rules(policy, tool, data, purposes))
    if settled.won and settled.verdict is Verdict.PROHIBITED:
        return settled
    tiers = (tool,) if tool else stand_ins(policy, tools)
    classes = (data,) if data else tuple(known.id for known in policy.data_classes)
    completions = [decide(one, each, rules(policy, one, each, purposes)) for one, each in product(tiers, classes)]
    verdicts = {completion.verdict for completion in completions}
    if len(verdicts) != 1:
        return Judgement(tool, data, Verdict.ASK_BACK, settled.won, ())
    shared = set.intersection(*(set(completion.won) for completion in completions))
    won = tuple(rule for rule in completions[0].won if rule in shared) or (nothing_rule(tool, completions[0]),)
    return Judgement(tool, data, verdicts.pop(), won, ())


def decide(tool: Tool | None, data: str | None, applying: tuple[Rule, ...]) -> Judgement:
    """The strictest of the rules that apply; no rule at all for a whole pair cannot happen (see `cell_rule`)."""
    verdict = strictest(tuple(rule.verdict for rule in applying))
    won = tuple(rule for rule in applying if rule.verdict is verdict)
    return Judgement(tool, data, verdict, won, tuple(rule for rule in applying if rule not in won))


def rules(policy: Policy, tool: Tool | None, data: str | None, uses: tuple[str, ...]) -> tuple[Rule, ...]:
    """Every rule that applies to what is said, in no order that matters."""
    found: list[Rule] = [use_rule(policy, use) for use in uses]
    entry = policy.data.get(data) if data else None
    if isinstance(entry, ProhibitedInput):
        found.append(Rule(f"input/{entry.id}", Verdict.PROHIBITED, "§5", "reason_input", entry.id))
    if tool is not None:
        found.extend(tool_rules(policy, tool))
        if data is not None and not isinstance(entry, ProhibitedInput):
            found.append(cell_rule(policy, tool, data))
    return tuple(found)


def use_rule(policy: Policy, use: str) -> Rule:
    """What a purpose does to the verdict."""
    known = policy.purposes.get(use)
    if known is None:
        return Rule(f"use/{use}", Verdict.PROHIBITED, "§4", "reason_unknown")
    if known.effect is Effect.PROHIBITED:
        return Rule(f"use/{use}", Verdict.PROHIBITED, known.section, "reason_use", use)
    wording = "approval_condition" if known.effect is Effect.APPROVAL else "review_condition"
    condition = Condition(use, known.approvers, self_check=False, wording=wording)
    return Rule(f"use/{use}", Verdict.CONDITIONAL, known.section, wording, use, condition)


def tool_rules(policy: Policy, tool: Tool) -> Iterable[Rule]:
    """What the tool's standing alone says: suspended, retired, or a consumer edition where that is not for work."""
    if tool.status is Status.SUSPENDED:
        yield Rule("status/suspended", Verdict.PROHIBITED, "§3", "reason_suspended")
    if tool.status is Status.RETIRED:
        yield Rule("status/retired", Verdict.PROHIBITED, "§3", "reason_retired")
    if tool.conditions:
        text = "; ".join(tool.conditions)
        yield Rule("tool/conditions", Verdict.CONDITIONAL, "§3", "reason_tool_conditions", tool.name, Condition(text, self_check=True))
    if tool.enterprise and policy.organization.enterprise_first is Verdict.PROHIBITED:
        yield Rule("edition/consumer", Verdict.PROHIBITED, "§4", "reason_enterprise")


def cell_rule(policy: Policy, tool: Tool, data: str) -> Rule:
    """What the matrix says about this tier and this class; prohibited where it says nothing."""
    tier = policy.tier(tool.tier)
    cell = tier.cells.get(data) if tier else None
    if cell is None:
        return Rule(f"{tool.tier}/{data}", Verdict.PROHIBITED, "§5", "reason_unknown")
    wording = "reason_cell" if tool.known or cell.verdict is not Verdict.PROHIBITED else "reason_unregistered"
    return Rule(f"{tool.tier}/{data}", cell.verdict, cell.section, wording, data, condition_of(cell))


def granted_rule(policy: Policy, tool: Tool, data: str, grants: Iterable[Grant]) -> tuple[Rule, Grant] | None:
    """What a grant makes of a cell, with the grant: the mildest of several; None where none covers this tool and data.

    An approval meets the condition of a conditional cell. An exception lifts a prohibited one, on its own conditions.
    """
    tier = policy.tier(tool.tier)
    cell = tier.cells.get(data) if tier else None
    if cell is None or not tool.known or isinstance(policy.data.get(data), ProhibitedInput):
        return None
    found: list[tuple[Rule, Grant]] = []
    for grant in grants:
        if (grant.tool, grant.tier, grant.data) != (tool.name, tool.tier, data):
            continue
        lifts = cell.verdict is Verdict.CONDITIONAL or (cell.verdict is Verdict.PROHIBITED and grant.kind is GrantKind.EXCEPTION)
        if lifts:
            verdict = Verdict.CONDITIONAL if grant.conditions else Verdict.PERMITTED
            condition = Condition(grant.conditions, self_check=True) if grant.conditions else None
            found.append((Rule(f"grant/{grant.id}", verdict, cell.section, "reason_granted", data, condition), grant))
    return min(found, key=lambda item: (item[0].verdict is not Verdict.PERMITTED, item[1].id), default=None)


def condition_of(cell: Cell) -> Condition | None:
    """The condition of a cell, or None where it needs none."""
    if cell.verdict is not Verdict.CONDITIONAL:
        return None
    return Condition(cell.condition, cell.approvers, cell.self_check)


def nothing_rule(tool: Tool | None, completion: Judgement) -> Rule:
    """Why every completion agrees although no single rule does: nothing is allowed, or a condition always stands."""
    if completion.verdict is not Verdict.PROHIBITED:
        return completion.won[0]
    wording = "reason_unregistered" if tool and not tool.known else "reason_nothing"
    return Rule(f"{tool.tier if tool else 'every'}/every", Verdict.PROHIBITED, "§5", wording)


def stand_ins(policy: Policy, tools: Iterable[Tool]) -> tuple[Tool, ...]:
    """One nameless tool for each tier and status that an unsaid tool may have, and the unregistered one."""
    standings = {(tool.tier, tool.status, tool.conditions) for tool in tools} | {(policy.unregistered, Status.ACTIVE, ())}
    return tuple(Tool(name="", tier=tier, status=status, conditions=conditions) for tier, status, conditions in sorted(standings))

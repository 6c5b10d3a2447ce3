"""Answers → impact, service class, reasons, and the highest tier that the confirmed facts allow. Pure (R72, C5, R30)."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.policy.model import Policy
from bot.policy.process import Process
from bot.ui.form import Answers


@dataclass(frozen=True, slots=True)
class Risk:
    """How much a request can do, how long it may take, and why."""

    impact: str
    service: str
    reasons: tuple[str, ...]


def assess(process: Process, answers: Answers) -> Risk:
    """The highest level and the longest class that any rule gives; the first of each where none does."""
    raised = [rule for rule in process.impact if rule.holds(answers)]
    slower = [rule for rule in process.service if rule.holds(answers)]
    classes = tuple(process.classes)
    impact = max((rule.level for rule in raised), key=process.levels.index, default=process.levels[0])
    service = max((rule.level for rule in slower), key=classes.index, default=classes[0])
    reasons = tuple(dict.fromkeys(rule.because for rule in (*raised, *slower) if rule.level in (impact, service)))
    return Risk(impact, service, reasons)


def ceiling(policy: Policy, process: Process, facts: Iterable[str]) -> str:
    """The best tier whose facts are all confirmed; "" where there is none.

    Tiers stand in the matrix from the most to the least trusted. The tiers of tools under evaluation and of unregistered
    tools are never the outcome of an approval.
    """
    confirmed = frozenset(facts)
    for tier in policy.tiers:
        if tier.id in (policy.unregistered, process.evaluation_tier):
            continue
        if confirmed.issuperset(process.tier_needs.get(tier.id, ())):
            return tier.id
    return ""


def missing_facts(process: Process, facts: Iterable[str], tier: str) -> tuple[str, ...]:
    """The facts that this tier takes and that are not confirmed."""
    confirmed = frozenset(facts)
    return tuple(fact for fact in process.tier_needs.get(tier, ()) if fact not in confirmed)


def within(policy: Policy, tier: str, highest: str) -> bool:
    """Whether a tier is at most the highest; unknown tiers are not."""
    order = [known.id for known in policy.tiers]
    return tier in order and highest in order and order.index(tier) >= order.index(highest)

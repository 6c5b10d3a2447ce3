"""Routes, forms and clocks as content: every fault with its line, impact and ceiling from answers alone, grants in judgements."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.judge import judge
from bot.people.authority import Why, approvers
from bot.people.model import Known, Person, StandIn
from bot.policy.document import ContentFaults
from bot.policy.grants import Grant, GrantKind
from bot.policy.load import PACKAGED, load_content
from bot.policy.model import STRICTNESS, ProhibitedInput, Status, Tool, Verdict
from bot.requests.risk import assess, ceiling, within

CONTENT = load_content(PACKAGED)
POLICY, PROCESS = CONTENT.policy, CONTENT.process
DAY = date(2026, 11, 23)


def some(*options: str) -> st.SearchStrategy[tuple[str, ...]]:
    """Any of these options."""
    return st.lists(st.sampled_from(options), unique=True).map(tuple)


filled = st.fixed_dictionaries({
    "data": some("public", "internal", "confidential", "restricted", "customer"),
    "affects": some("own_work", "customers", "employees", "regulated"),
    "plan": st.sampled_from([("free",), ("enterprise",), ()]),
})  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("routes.yaml", "stages: [{any: [security]}]}", "stages: [{any: [secruity]}]}", "is no role"),
        ("routes.yaml", "  - {kinds: [retire], stages: [{any: [policy_owner]}]}", "", "no route takes a request of kind “retire”"),
        ("routes.yaml", "impact: [low], stages: [{any: [security]}]}", "impact: [low], stages: []}", "would approve everything"),
        ("routes.yaml", "tier1: [vendor_assessed, dpa", "tier1: [vendor_assessed, dap", "is no fact"),
        ("routes.yaml", "{is: high, when: {affects: [customers]}", "{is: huge, when: {affects: [customers]}", "must be one of"),
        ("schedules.yaml", "escalate_to: policy_owner", "escalate_to: nobody", "is no role"),
        ("schedules.yaml", "expire_after: 30", "expire_after: soon", "whole number"),
        ("forms/requests.yaml", "when: {built_here: [\"yes\"]}}", "when: {built_heer: [\"yes\"]}}", "no question before this one"),
        ("forms/requests.yaml", "type: long_text, when", "type: longtext, when", "must be one of"),
        ("forms/requests.yaml", "- id: exception", "- id: exeption", "there is no form “exception”"),
        ("organization.yaml", "language: en", "language: en\nworking_hours: nine to five", "must look like 09:00-17:00"),
        ("organization.yaml", "time_zone: Europe/Berlin", "time_zone: Europe/Berlim", "is no time zone"),
        ("wording/de.yaml", "req_ended: \"", "req_ended: \"{nowhere} ", "{places}"),
    ],
)  # fmt: skip
def test_a_fault_in_the_process_is_named_with_its_line(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    """`mayi check` names what is wrong and the mend, whichever file it is in."""
    folder = tmp_path / "content"
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(ContentFaults) as wrong:
        load_content(folder)

    assert any(said in str(fault) and ":" in str(fault) for fault in wrong.value.faults), wrong.value.faults


@given(filled, st.sampled_from(["customers", "regulated"]))
def test_more_at_stake_never_lowers_the_impact(answers: dict[str, tuple[str, ...]], more: str) -> None:
    """R72, C5: an answer more can only raise impact and promised time; every level above the first has its reason."""
    before, after = assess(PROCESS, answers), assess(PROCESS, {**answers, "affects": (*answers["affects"], more)})

    assert PROCESS.levels.index(after.impact) >= PROCESS.levels.index(before.impact)
    assert PROCESS.classes[after.service].days >= PROCESS.classes[before.service].days
    assert bool(before.reasons) == (before.impact != "low" or before.service != "standard")


@given(st.sets(st.sampled_from([fact.id for fact in PROCESS.facts])))
def test_the_ceiling_rises_with_the_facts_and_never_without(facts: set[str]) -> None:
    """R30, R31: tier 1 takes all of its facts; the tiers of evaluation and of unregistered tools are never given."""
    best = ceiling(POLICY, PROCESS, facts)

    assert (best == "tier1") == facts.issuperset(PROCESS.tier_needs["tier1"])
    assert best not in (POLICY.unregistered, PROCESS.evaluation_tier)
    assert within(POLICY, best, best)


@given(st.sampled_from([tier.id for tier in POLICY.tiers]), st.sampled_from(sorted(POLICY.data)), st.sampled_from(Status), st.sampled_from(GrantKind),
       st.sampled_from(["", "names are replaced"]), st.booleans(), st.lists(st.sampled_from(sorted(POLICY.purposes)), max_size=2))  # fmt: skip
def test_a_grant_lifts_one_cell_and_nothing_else(
    tier: str, data: str, status: Status, kind: GrantKind, conditions: str, known: bool, uses: list[str]
) -> None:
    """R88: never a prohibited input, a prohibited use, a suspension, a condition of the tool, another tool, or an unregistered one."""
    tool = Tool("Flurb", tier, status, known=known, conditions=("only in the EU",))
    grant = Grant("REQ-1", kind, "ann@example.com", "", "Flurb", tier, data, date(2027, 1, 1), conditions)
    plain, granted = judge(POLICY, tool, data, uses, ()), judge(POLICY, tool, data, uses, (), (grant,))
    moved = Tool("Flurb", "tier4" if tier != "tier4" else "tier3", status, known=known)
    assert judge(POLICY, moved, data, uses, (), (grant,)) == judge(POLICY, moved, data, uses, ()), "a downgrade ends it"
    other = judge(POLICY, Tool("Other", tier, status), data, uses, (), (grant,))

    assert other == judge(POLICY, Tool("Other", tier, status), data, uses, ())
    assert STRICTNESS.index(granted.verdict) <= STRICTNESS.index(plain.verdict)
    cell = POLICY.tier(tier).cells.get(data)  # type: ignore[union-attr]
    if isinstance(POLICY.data[data], ProhibitedInput) or not known or status is not Status.ACTIVE:
        assert granted.verdict is plain.verdict
    if cell and cell.verdict is Verdict.PROHIBITED and kind is GrantKind.APPROVAL:
        assert granted.verdict is plain.verdict
    if granted.verdict is not Verdict.PROHIBITED:
        assert granted.verdict is Verdict.CONDITIONAL
        assert any("only in the EU" in condition.text for condition in granted.conditions)
        if conditions and granted.grant:
            assert any("names are replaced" in condition.text for condition in granted.conditions)


people = st.sampled_from(["a@x", "b@x", "c@x", "d@x", "boss@x", "owner@x"])


@given(st.sets(people), st.sets(people), st.dictionaries(people, people, max_size=3), st.sets(people), people)
def test_nobody_barred_or_gone_is_ever_asked(there: set[str], reachable: set[str], away: dict[str, str], left: set[str], asker: str) -> None:
    """S59–S62: whoever is missing, away or unreachable: the asker and people who left are never among those who may decide."""
    entries = {person: Person(person, manager="boss@x", left=person in left) for person in there}
    stand_ins = {person: StandIn(person, other, date(2026, 1, 1), date(2026, 12, 31)) for person, other in away.items()}
    known = Known(entries, stand_ins, frozenset(reachable))
    holders = {"security": ("a@x", "b@x"), "owner": ("owner@x",)}

    found = approvers(("security",), holders, (asker,), known, DAY, fallback_role="owner")

    assert asker not in {approver.person for approver in found}
    assert all(known.active(approver.person) for approver in found)
    assert len({approver.person for approver in found}) == len(found)
    for approver in found:
        if approver.why is Why.STAND_IN:  # of somebody who holds the role, never of a stand-in
            assert approver.instead_of in holders["security"]
        if approver.why is Why.FALLBACK:
            assert not any(other.person in reachable for other in found if other.why in (Why.ROLE, Why.STAND_IN, Why.MANAGER))

"""The judge is total, independent of order, strictest wins, and fails towards No (R29–R36, R38–R52)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.judge import judge
from bot.policy.load import PACKAGED, Content, load_content
from bot.policy.model import STRICTNESS, Effect, PolicyUse, ProhibitedInput, Status, Tool, Verdict

CONTENT = load_content(PACKAGED)
POLICY = CONTENT.policy
CLASSES = [data.id for data in POLICY.data_classes]
INPUTS = [data.id for data in POLICY.prohibited_inputs]
USES = [use.id for use in POLICY.uses]
TIERS = [tier.id for tier in POLICY.tiers]

tools = st.builds(
    Tool,
    name=st.sampled_from(["A", "B"]),
    tier=st.sampled_from([*TIERS, "no such tier"]),
    status=st.sampled_from(list(Status)),
    known=st.booleans(),
)
data_ids = st.sampled_from([*CLASSES, *INPUTS, "no such data"])
use_lists = st.lists(st.sampled_from([*USES, "no such use"]), max_size=4)

# R30–R33 and the shipped matrix of CONTRACT, cell by cell: P permitted, C conditional, N prohibited.
MATRIX = {"tier1": "PPCCC", "tier2": "PCNNN", "tier3": "CNNNN", "tier4": "NNNNN"}
LETTERS = {"P": Verdict.PERMITTED, "C": Verdict.CONDITIONAL, "N": Verdict.PROHIBITED}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("data", CLASSES)
def test_every_cell_of_the_shipped_matrix(tier: str, data: str) -> None:
    """R30, R31, R32, R33, R34 as C1–C3 decide: all twenty cells."""
    expected = LETTERS[MATRIX[tier][CLASSES.index(data)]]

    assert judge(POLICY, Tool("X", tier), data, (), ()).verdict is expected


@pytest.mark.parametrize("input", INPUTS)
@pytest.mark.parametrize("tier", TIERS)
def test_prohibited_inputs_go_nowhere(input: str, tier: str) -> None:
    """R36, R46, C8: on every tier, and without any tool."""
    assert judge(POLICY, Tool("X", tier), input, (), ()).verdict is Verdict.PROHIBITED
    assert judge(POLICY, None, input, (), CONTENT.tools).verdict is Verdict.PROHIBITED


@pytest.mark.parametrize("use", [use for use in POLICY.uses if use.effect is Effect.PROHIBITED], ids=lambda use: use.id)
def test_prohibited_uses_beat_the_best_tier_and_the_mildest_data(use: PolicyUse) -> None:
    """R47, R48, R51, R52: a use that is prohibited is prohibited with public data in an approved tool."""
    judgement = judge(POLICY, Tool("X", "tier1"), "public", (use.id,), ())

    assert judgement.verdict is Verdict.PROHIBITED
    assert use.section in judgement.citations


@pytest.mark.parametrize("use", [use for use in POLICY.uses if use.effect is Effect.REVIEW], ids=lambda use: use.id)
def test_output_that_matters_needs_review(use: PolicyUse) -> None:
    """R50, R53, R54: permitted data becomes conditional on a qualified review."""
    judgement = judge(POLICY, Tool("X", "tier1"), "public", (use.id,), ())

    assert judgement.verdict is Verdict.CONDITIONAL
    assert [condition.wording for condition in judgement.conditions] == ["review_condition"]


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.RETIRED])
def test_a_tool_that_is_stopped_takes_nothing(status: Status) -> None:
    """CONTRACT: suspended and retired are always prohibited."""
    assert judge(POLICY, Tool("X", "tier1", status), "public", (), ()).verdict is Verdict.PROHIBITED


def test_consumer_editions_are_prohibited_where_the_organization_says_so() -> None:
    """R49: the content switch `enterprise_first: prohibit`."""
    strict = replace(POLICY, organization=replace(POLICY.organization, enterprise_first=Verdict.PROHIBITED))
    consumer = Tool("X", "tier2", enterprise="X Enterprise")

    assert judge(POLICY, consumer, "public", (), ()).verdict is Verdict.PERMITTED
    assert judge(strict, consumer, "public", (), ()).verdict is Verdict.PROHIBITED


def test_a_missing_cell_counts_as_prohibited() -> None:
    """Fails towards No: what the matrix does not say is not allowed."""
    holes = replace(POLICY, tiers=tuple(replace(tier, cells={}) for tier in POLICY.tiers))

    assert judge(holes, Tool("X", "tier1"), "public", (), ()).verdict is Verdict.PROHIBITED


def test_unsaid_data_is_settled_only_where_every_class_agrees() -> None:
    """CONTRACT: every completion gives the same verdict, or it is asked back."""
    assert judge(POLICY, Tool("X", "tier4"), None, (), ()).verdict is Verdict.PROHIBITED
    assert judge(POLICY, Tool("X", "tier1"), None, (), ()).verdict is Verdict.ASK_BACK
    assert judge(POLICY, Tool("X", "tier1"), None, ("external",), ()).verdict is Verdict.CONDITIONAL
    assert judge(POLICY, None, "public", (), CONTENT.tools).verdict is Verdict.ASK_BACK


@given(tools | st.none(), data_ids | st.none(), use_lists)
def test_total_and_cited(tool: Tool | None, data: str | None, uses: list[str]) -> None:
    """Never raises; every settled verdict rests on a rule and a section; conditional names its conditions."""
    judgement = judge(POLICY, tool, data, uses, CONTENT.tools)

    if judgement.verdict is not Verdict.ASK_BACK:
        assert judgement.won
        assert judgement.citations
    assert (judgement.verdict is Verdict.CONDITIONAL) == bool(judgement.conditions)


@given(tools, data_ids, st.permutations(USES), st.integers(0, 4))
def test_the_order_of_uses_does_not_matter(tool: Tool, data: str, uses: list[str], count: int) -> None:
    """The same purposes in another order give the same verdict."""
    some = uses[:count]

    assert judge(POLICY, tool, data, some, ()).verdict is judge(POLICY, tool, data, list(reversed(some)), ()).verdict


@given(tools, data_ids, use_lists, st.sampled_from(USES))
def test_one_more_use_never_loosens(tool: Tool, data: str, uses: list[str], more: str) -> None:
    """Strictest wins. Mutation: `max` for `min` in `strictest` turns this red."""
    before, after = judge(POLICY, tool, data, uses, ()).verdict, judge(POLICY, tool, data, [*uses, more], ()).verdict

    assert STRICTNESS.index(after) >= STRICTNESS.index(before)


@given(data_ids, use_lists, st.sampled_from(TIERS))
def test_an_unregistered_tool_is_never_looser_than_a_registered_one(data: str, uses: list[str], tier: str) -> None:
    """R33: nobody gains by naming a tool that nobody has assessed."""
    unknown = judge(POLICY, POLICY.unregistered_tool("Zorbo"), data, uses, ()).verdict
    known = judge(POLICY, Tool("X", tier), data, uses, ()).verdict

    assert STRICTNESS.index(unknown) >= STRICTNESS.index(known)


def test_the_weaker_rules_are_kept(content: Content) -> None:
    """A No by the cell still shows the review that would have been needed."""
    judgement = judge(content.policy, Tool("X", "tier2"), "customer", ("external",), ())

    assert [rule.id for rule in judgement.won] == ["tier2/customer"]
    assert [rule.id for rule in judgement.lost] == ["use/external"]


def test_prohibited_inputs_are_prohibited_inputs() -> None:
    """The five of R36 ship."""
    assert {item.id for item in POLICY.prohibited_inputs if isinstance(item, ProhibitedInput)} == {
        "credentials",
        "source_with_secrets",
        "health",
        "payment_card",
        "government_id",
    }

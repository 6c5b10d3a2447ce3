"""The policy owner's own tests, asked: each turn read together with the one before it."""

from collections.abc import Iterator, Sequence

from bot.answers.answer import Answer, answer
from bot.policy.model import Policy, Tool, Verdict
from bot.policy.scenarios import Scenario, Turn
from bot.understanding.followup import continued, incomplete
from bot.understanding.understand import Understanding


def played(policy: Policy, tools: Sequence[Tool], reader: Understanding, scenario: Scenario) -> Iterator[tuple[Turn, Answer]]:
    """The turns of a scenario, each with the answer it gets."""
    before: Answer | None = None
    for turn in scenario.turns:
        reading = reader.read(turn.ask)
        if before is not None and incomplete(reading):
            reading = continued(reading, before.reading, asked_back=before.verdict is Verdict.ASK_BACK)
        before = answer(policy, tools, reading)
        yield turn, before

"""The labelled questions: what was once right stays right, and nothing is looser than the matrix (R28, R37, R41, R42)."""

import pytest

from bot.engine.world import World
from bot.policy.load import Content
from tests.questions import LANGUAGES, SETS, asked, questions, world_of

RIGHT = 0.95  # of the questions the vocabulary was built with


@pytest.fixture(scope="module")
def world(content: Content) -> World:
    """The shipped content."""
    return world_of(content)


@pytest.mark.parametrize("code", LANGUAGES)
def test_building_questions_are_right_and_none_is_looser(world: World, code: str) -> None:
    """Verdict, intent and language; a looser answer is never made up for by others that are right."""
    outcomes = asked(world, questions(SETS / f"building_{code}.jsonl"))

    assert [outcome.question.text for outcome in outcomes if outcome.looser] == []
    assert sum(outcome.right for outcome in outcomes) >= RIGHT * len(outcomes)
    assert sum(outcome.reading.intent == outcome.question.intent for outcome in outcomes) >= RIGHT * len(outcomes)
    assert sum(outcome.reading.language == code for outcome in outcomes) >= RIGHT * len(outcomes)

"""Labelled questions, and how the bot's answers to them compare.

`question_sets/building_XX.jsonl` were used to improve the vocabulary. `question_sets/measuring_XX.jsonl` were written by
people who had seen the policy and the register but neither code nor vocabulary, and are only counted, never tuned on.
`question_sets/hunting_XX.jsonl` hunt for a wrong Yes: sensitive content told so that it looks harmless. They are only counted too.
One line is one question: text, lang, intent, verdict (or null), tools, data, uses, trap.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.answers.answer import answer
from bot.engine.world import World, build_world
from bot.policy.load import Content
from bot.policy.model import STRICTNESS, Verdict
from bot.understanding.reading import Reading

SETS = Path(__file__).parent / "question_sets"
LANGUAGES = ("en", "de", "fr", "es", "pt", "ja")
YES = (Verdict.PERMITTED, Verdict.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what it must give; `verdict` is None where none is due."""

    text: str
    language: str
    intent: str
    verdict: Verdict | None
    trap: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the bot made of a question."""

    question: Question
    reading: Reading
    verdict: Verdict | None

    @property
    def right(self) -> bool:
        """Whether the verdict is the demanded one."""
        return self.verdict is self.question.verdict

    @property
    def looser(self) -> bool:
        """Whether the answer allows more than the matrix: the one error that must not happen."""
        expected = self.question.verdict
        if expected is None or self.verdict not in YES:
            return False
        return STRICTNESS.index(self.verdict) < STRICTNESS.index(expected)

    @property
    def needless(self) -> bool:
        """Whether the bot asked back though all was said."""
        return self.verdict is Verdict.ASK_BACK and self.question.verdict not in (Verdict.ASK_BACK, None)


def questions(path: Path) -> tuple[Question, ...]:
    """Every question of a file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return tuple(
        Question(row["text"], row.get("lang", "en"), row["intent"], Verdict(row["verdict"]) if row["verdict"] else None, row["trap"]) for row in rows
    )


def world_of(content: Content) -> World:
    """The world of a content folder, without a database."""
    return build_world(content.policy, content.tools, content.languages, {}, content.process)


def asked(world: World, put: Iterable[Question]) -> tuple[Outcome, ...]:
    """Each question with the bot's answer."""
    return tuple(Outcome(question, reading := world.read(question.text), answer(world.policy, world.tools, reading).verdict) for question in put)

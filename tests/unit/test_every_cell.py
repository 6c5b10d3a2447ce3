"""Every cell of every policy comes out of the words its organization gave: the shipped one, and twelve of other kinds."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answers.answer import answer
from bot.answers.judge import judge
from bot.policy.load import PACKAGED, Content, load_content
from tests.questions import asked, questions, world_of

POLICIES = Path(__file__).parents[1] / "policies"
NAMES = sorted(path.name for path in POLICIES.iterdir())
FORMS = {
    "en": ("Can I put {data} into {tool}?", "{tool} with {data}?"),
    "de": ("Darf ich {data} in {tool} eingeben?",),
    "fr": ("Puis-je mettre {data} dans {tool} ?",),
    "es": ("¿Puedo poner {data} en {tool}?",),
    "pt": ("Posso colocar {data} no {tool}?",),
    "ja": ("{data}を{tool}に入れてもいいですか?",),
}
SPOKEN = {"kessler_maschinenbau": "de", "maison_lavigne_retail": "fr", "pagola_fintech": "pt", "asahi_minato_trading": "ja"}
RIGHT = 0.75  # of questions in words an organization has not taught; what is missing is asked back


def content_of(name: str, folder: Path) -> Content:
    """The content of one of the organizations; what it has not written is what MayI ships."""
    for file in ("matrix.yaml", "register.yaml", "roles.yaml"):
        shutil.copy(POLICIES / name / file, folder)
    shutil.copy(PACKAGED / "policy.md", folder)
    return load_content(folder)


def cells(content: Content, spoken: str) -> Iterator[tuple[str, str]]:
    """Each cell that differs, asked in each of the organization's own words: the question, and the verdict of the matrix."""
    one_each = {(tool.tier, tool.status): tool for tool in reversed(content.tools)}
    for tool in one_each.values():
        for entry in (*content.policy.data_classes, *content.policy.prohibited_inputs):
            verdict = judge(content.policy, tool, entry.id, (), content.tools).verdict
            for phrase in (*entry.says, *entry.examples):
                for form in FORMS[spoken]:
                    yield form.format(data=phrase, tool=tool.name), verdict


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_another_organizations_policy_is_reproduced(name: str, tmp_path: Path) -> None:
    """R28, R29: the verdict is the matrix's, for every class, input and standing, in the organization's own words."""
    content = content_of(name, tmp_path)
    world = world_of(content)
    wrong = [
        question
        for question, verdict in cells(content, SPOKEN.get(name, "en"))
        if answer(content.policy, content.tools, world.read(question)).verdict is not verdict
    ]

    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_people_of_another_organization_are_understood_or_asked_back(name: str, tmp_path: Path) -> None:
    """Questions written by somebody who has not seen its vocabulary: most are right, none is looser than the matrix."""
    outcomes = asked(world_of(content_of(name, tmp_path)), questions(POLICIES / name / "questions.jsonl"))

    assert [outcome.question.text for outcome in outcomes if outcome.looser] == []
    assert sum(outcome.right for outcome in outcomes) >= RIGHT * len(outcomes)


def test_every_cell_of_the_shipped_policy_is_reproduced(content: Content) -> None:
    """R28, R29: so with the policy MayI ships, in the words of its matrix."""
    world = world_of(content)
    wrong = [
        question for question, verdict in cells(content, "en") if answer(content.policy, content.tools, world.read(question)).verdict is not verdict
    ]

    assert wrong == []

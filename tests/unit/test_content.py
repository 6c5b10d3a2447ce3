"""Content people write: every fault at once, each with its file, line and mend."""

import re
import shutil
from pathlib import Path

import pytest

from bot.policy.document import ContentFaults
from bot.policy.load import PACKAGED, Content, load_content
from bot.understanding.words.vocabulary import vocabulary_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped content."""
    copy = tmp_path / "content"
    shutil.copytree(PACKAGED, copy)
    return copy


def faults_of(folder: Path) -> list[str]:
    """The faults of a folder, as people read them."""
    with pytest.raises(ContentFaults) as caught:
        load_content(folder)
    return [str(fault) for fault in caught.value.faults]


SPOILS = [
    ("matrix.yaml", "verdict: conditional, condition: written approval, approvers: [policy_owner]", "verdict: conditonal", "must be one of"),
    ("matrix.yaml", "      internal: permitted\n", "", "says nothing about “internal”"),
    ("matrix.yaml", "approvers: [policy_owner, privacy]", "approvers: [nobody]", "is no role"),
    ("matrix.yaml", "unregistered: tier4", "unregistered: tier9", "is no tier"),
    ("matrix.yaml", "      public: permitted\n", "      public: conditional\n", "names no condition"),
    ("matrix.yaml", "uses:\n", "usess:\n", "means nothing"),
    ("matrix.yaml", "  - id: internal\n", "  - id: public\n", "stands twice"),
    ("register.yaml", "name: Claude Enterprise", "name: ChatGPT Enterprise", "already stands"),
    ("register.yaml", "aliases: [claude enterprise, claude for work]", "aliases: [chatgpt]", "is an alias of"),
    ("register.yaml", "tier: tier1", "tier: best", "is no tier"),
    ("register.yaml", "assessed: 2025-09-15", "assessed: last year", "must be a date"),
    ("roles.yaml", "security: [security@example.com]", "security: [nobody]", "is not an e-mail address"),
    ("policy.md", "effective: 2026-01-15", "effective: soon", "must be a date"),
    ("policy.md", "## §2 ", "## 2 ", "must look like"),
    ("organization.yaml", "questions: redacted", "questions: all", "must be redacted or none"),
    ("languages/en.yaml", 'help_title: "May I use', 'help_title: "May I {use', "mend its braces"),
    ("matrix.yaml", "data_classes:", "data_classes: [", "not valid YAML"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), SPOILS, ids=[f"{file}: {said}" for file, _, _, said in SPOILS])
def test_a_fault_is_named_with_its_line_and_mend(folder: Path, file: str, old: str, new: str, said: str) -> None:
    """CONTRACT: FILE:LINE: what is wrong and the mend."""
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    found = [fault for fault in faults_of(folder) if said in fault]

    assert found
    assert re.match(rf"{re.escape(file)}:\d+: ", found[0])


def test_every_fault_is_reported_at_once(folder: Path) -> None:
    """Nobody mends one fault to meet the next."""
    for file, old, new, _ in (SPOILS[2], SPOILS[9], SPOILS[11], SPOILS[12]):
        path = folder / file
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

    assert {fault.split(":")[0] for fault in faults_of(folder)} == {"matrix.yaml", "register.yaml", "roles.yaml", "policy.md"}


@pytest.mark.parametrize("file", ["matrix.yaml", "policy.md", "roles.yaml", "register.yaml"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    """Removing a file is a fault like any other."""
    (folder / file).unlink()

    assert any(fault.startswith(f"{file}:1:") for fault in faults_of(folder))


def test_the_shipped_policy_is_complete(content: Content) -> None:
    """R13–R26, R94: ten sections, the commitments, the people in scope, definitions, incidents, roles, review."""
    sections = {section.id: section.text for section in content.policy.sections}

    assert list(sections) == [f"§{number}" for number in range(1, 11)]
    for section, words in {
        "§1": ["contractors", "consultants", "third parties", "responsible", "legal", "continual improvement", "development, test"],  # R13–R18
        "§2": ["Shadow AI", "AI-generated output", "Confidential"],  # R16
        "§3": ["register", "working days"],  # R75–R79
        "§4": ["Allowed", "Not allowed"],  # R28, R42–R52
        "§5": ["screenshot", "environment variables", "ticket", "template", "redact"],  # R36–R39
        "§6": ["accountable", "label"],  # R53–R57
        "§7": ["incident"],  # R110–R115
        "§8": ["Disciplinary"],  # R23
        "§9": ["sponsor", "forum", "residual risk"],  # R20
        "§10": ["12 months", "acknowledg"],  # R95–R98
    }.items():
        for word in words:
            assert word.lower() in sections[section].lower(), f"{section} does not speak of {word}"


def test_the_shipped_register_is_large_and_marked_as_sample(content: Content) -> None:
    """R58, R61: at least 60 tools, embedded ones among them, every assessment marked fictional."""
    assert len(content.tools) >= 60
    assert all(tool.sample for tool in content.tools)
    assert any(tool.embedded_in for tool in content.tools)
    assert {tool.tier for tool in content.tools} == {tier.id for tier in content.policy.tiers}


def test_no_small_word_moves_data(content: Content) -> None:
    """R28: once endings are off, no word that moves data is an article, a pronoun or "of": else every text would seem to move some.

    Mutation: list the Spanish "dé" among them, which without its accent is "de".
    """
    for language in content.languages:
        vocabulary = vocabulary_of(language)
        small = vocabulary.union(("articles", "determiners", "pronouns", "source_leads", "destination_leads", "purpose_leads", "unit_links"))
        assert not vocabulary.lists["put"] & small, language.code
        assert not vocabulary.lists["totals"] & small, language.code

"""scenarios/*.yaml → the policy owner's own tests: a question or a whole conversation, and what it must give."""

from dataclasses import dataclass
from pathlib import Path

from bot.policy.document import Fault, Reader, read_document

VERDICTS = ("permitted", "conditional", "prohibited", "ask_back", "none", "")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with the verdict (`none` where no verdict is due) and intent it must give; either may be left open."""

    line: int
    ask: str
    verdict: str
    intent: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """The turns of one person, each going on from the one before. One with a `title` can be played in the playground."""

    file: str
    line: int
    title: str
    language: str
    turns: tuple[Turn, ...]


def load_scenarios(folder: Path, faults: list[Fault]) -> tuple[Scenario, ...]:
    """Every scenario of this content folder."""
    found: list[Scenario] = []
    for path in sorted((folder / "scenarios").glob("*.yaml")):
        reader = read_document(folder, f"scenarios/{path.name}", faults, "the scenarios")
        if reader is None:
            continue
        language = reader.text("language", "en")
        for item in reader.each("scenarios", "a scenario"):
            item.text("note", "")
            title, spoken = item.text("title", ""), item.text("language", language)
            turns = [turn(item), *(turn(later) for later in item.each("then", "a later question"))]
            item.close()
            found.append(Scenario(reader.file, item.line, title, spoken, tuple(turns)))
        reader.close()
    return tuple(found)


def turn(item: Reader) -> Turn:
    """One question and what it must give."""
    found = Turn(item.line, item.text("ask"), item.text("verdict", ""), item.text("intent", ""))
    if found.verdict not in VERDICTS:
        item.fault(f"“{found.verdict}” is no verdict; use {', '.join(VERDICTS[:-1])}", item.at("verdict"))
    return found

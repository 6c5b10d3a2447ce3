"""scenarios/*.yaml → the policy owner's own tests: a question, and what it must give."""

from dataclasses import dataclass
from pathlib import Path

from bot.policy.document import Fault, read_document

VERDICTS = ("permitted", "conditional", "prohibited", "ask_back", "none", "")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question with the verdict (`none` where no verdict is due) and intent it must give; either may be left open."""

    file: str
    line: int
    ask: str
    verdict: str
    intent: str
    language: str


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
            scenario = Scenario(reader.file, item.line, item.text("ask"), item.text("verdict", ""), item.text("intent", ""), language)
            if scenario.verdict not in VERDICTS:
                item.fault(f"“{scenario.verdict}” is no verdict; use {', '.join(VERDICTS[:-1])}", item.at("verdict"))
            item.close()
            found.append(scenario)
        reader.close()
    return tuple(found)

"""`mayi check`: every fault of the content and the settings at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import prod
from pathlib import Path
from typing import Annotated

import typer

from bot.answers.played import played
from bot.cli.common import FINDING
from bot.config import BadSettings, load_settings
from bot.policy.document import ContentFaults, Fault
from bot.policy.load import PACKAGED, Content, line_of, load_content
from bot.policy.model import DataClass
from bot.policy.scenarios import load_scenarios
from bot.understanding.understand import Understanding
from bot.understanding.words.phrases import options

MONTH = timedelta(days=30.44)
ENOUGH_FOR_A_CLASS, ENOUGH = 12, 5  # phrases that teach a class; an input or a use


def check(content: Annotated[Path | None, typer.Option("--content", metavar="DIR", help="The content folder to check.")] = None) -> None:
    """Check the policy content and the settings; each fault with its line and the mend."""
    faults: list[str] = []
    folder = content
    try:
        settings = load_settings()
        folder = folder or settings.content
    except BadSettings as error:
        faults.append(f"settings:1: {error}")
    folder = folder or PACKAGED
    if not folder.is_dir():
        typer.echo(f"{folder}: this folder does not exist; name the folder that holds policy.md and matrix.yaml", err=True)
        raise typer.Exit(FINDING)
    notes: list[str] = []
    try:
        found = load_content(folder)
    except ContentFaults as wrong:
        faults += [str(fault) for fault in wrong.faults]
    else:
        faults += [str(fault) for fault in scenario_faults(folder, found)]
        notes = [str(note) for note in notes_on(found, date.today())]  # noqa: DTZ011  the author's own day
    for fault in faults:
        typer.echo(fault)
    for note in notes:
        typer.echo(f"note: {note}")
    if faults:
        raise typer.Exit(FINDING)
    typer.echo(f"The content in {folder.name}/ is good.")


def scenario_faults(folder: Path, content: Content) -> list[Fault]:
    """The policy owner's tests that do not come out as expected."""
    faults: list[Fault] = []
    scenarios = load_scenarios(folder, faults)
    understandings = {language.code: Understanding(content.policy, content.tools, language) for language in content.languages}
    for scenario in scenarios:
        reader = understandings.get(scenario.language)
        if reader is None:
            faults.append(Fault(scenario.file, scenario.line, f"there is no language “{scenario.language}”; add languages/{scenario.language}.yaml"))
            continue
        for turn, given in played(content.policy, content.tools, reader, scenario):
            verdict = given.verdict.value if given.verdict else "none"
            if turn.verdict and verdict != turn.verdict:
                wrong = f"“{turn.ask}” gives {verdict}, expected {turn.verdict}; mend the content or the scenario"
                faults.append(Fault(scenario.file, turn.line, wrong))
            if turn.intent and given.reading.intent != turn.intent:
                wrong = f"“{turn.ask}” is heard as {given.reading.intent}, expected {turn.intent}; mend the words or the scenario"
                faults.append(Fault(scenario.file, turn.line, wrong))
    return faults


def notes_on(content: Content, today: date) -> list[Fault]:
    """What is no fault but worth knowing."""
    policy = content.policy
    notes: list[Fault] = []
    if today > policy.effective + policy.review_months * MONTH:
        notes.append(Fault("policy.md", 1, f"the policy is past its review date ({policy.review_months} months after {policy.effective}); review it"))
    samples = sum(tool.sample for tool in content.tools)
    if samples:
        notes.append(Fault("register.yaml", 1, f"{samples} sample entries are still in place; replace them with your own assessments"))
    overdue = sum(tool.review_by is not None and tool.review_by < today for tool in content.tools)
    if overdue:
        notes.append(Fault("register.yaml", 1, f"{overdue} tools are past their review date; assess them again"))
    return [*notes, *hardly_heard(content)]


def hardly_heard(content: Content) -> Iterator[Fault]:
    """The classes, inputs and uses with too few words to be heard, each with its line, in the organization's own language and the others."""
    taught: dict[str, dict[str, int]] = {
        language.code: {id: sum(prod(len(choices) for choices in options(phrase)) for phrase in phrases) for id, phrases in language.says.items()}
        for language in content.languages
    }
    own = content.policy.organization.language
    for entry in (*content.policy.data.values(), *content.policy.purposes.values()):
        line = line_of(content.files["matrix.yaml"], entry.id)
        enough = ENOUGH_FOR_A_CLASS if isinstance(entry, DataClass) else ENOUGH
        heard = {code: sum(phrases.get(id, 0) for id in (entry.id, *entry.like)) for code, phrases in taught.items()}
        if (count := len(entry.says) + len(entry.examples) + heard.get(own, 0)) < enough:
            yield Fault(
                "matrix.yaml",
                line,
                f"{count} phrases teach what “{entry.id}” is, too few to be heard; add to its `says` and `examples`"
                f" ({enough} or more), or say what it is `like`",
            )
        silent = [language.name for language in content.languages if language.code != own and heard[language.code] < enough]
        if silent:
            yield Fault(
                "matrix.yaml",
                line,
                f"“{entry.id}” has too few words in {', '.join(silent)}; add them under `says` in languages/, or say what it is `like`",
            )

"""How right the answers are: by intent, verdict, language and kind of trap, and what each miss was taken for."""

from collections import Counter
from collections.abc import Callable, Iterable

from bot.policy.load import PACKAGED, load_content
from tests.questions import LANGUAGES, SETS, Outcome, asked, questions, world_of

BARS = {"verdict": 95, "each": 93, "intent": 95, "needless": 5}  # percent


def run() -> None:
    """Print the figures of the questions to build with, of those to measure with, and of the hunt for a wrong Yes."""
    world = world_of(load_content(PACKAGED))
    for half in ("building", "measuring", "hunting"):
        outcomes = [outcome for code in LANGUAGES for outcome in asked(world, questions(SETS / f"{half}_{code}.jsonl"))]
        figures(half, outcomes)
        for outcome in outcomes:
            if half == "building" and miss(outcome):
                print(f"  missed: {confusion(outcome)} | {outcome.question.text}")
        if half != "building":  # what is only for measuring is counted, not read
            for what, count in Counter(confusion(outcome) for outcome in outcomes if miss(outcome)).most_common():
                print(f"  missed {count}×: {what}")


def figures(half: str, outcomes: list[Outcome]) -> None:
    """The share that came out right, as a whole and by kind."""
    share(f"{half}: verdict", [outcome.right for outcome in outcomes], BARS["verdict"])
    share(f"{half}: intent", [outcome.reading.intent == outcome.question.intent for outcome in outcomes], BARS["intent"])
    share(f"{half}: language", [outcome.reading.language == outcome.question.language for outcome in outcomes], BARS["each"])
    kinds: tuple[tuple[str, Callable[[Outcome], str]], ...] = (
        ("verdict", lambda outcome: str(outcome.question.verdict or "none")),
        ("language", lambda outcome: outcome.question.language),
        ("intent", lambda outcome: outcome.question.intent),
        ("trap", lambda outcome: outcome.question.trap),
    )
    for name, kind in kinds:
        for value in sorted({kind(outcome) for outcome in outcomes}):
            of_kind = [outcome for outcome in outcomes if kind(outcome) == value]
            if name == "intent":
                share(f"{half}: {name} {value}", [outcome.reading.intent == value for outcome in of_kind], None)
            else:
                share(f"{half}: {name} {value}", [outcome.right for outcome in of_kind], BARS["each"] if name != "trap" else None)
    looser = sum(outcome.looser for outcome in outcomes)
    needless = sum(outcome.needless for outcome in outcomes)
    settled = sum(outcome.question.verdict not in (None, "ask_back") for outcome in outcomes)
    print(f"{half}: looser than the matrix {looser}  {'reached' if not looser else 'BELOW'}")
    print(
        f"{half}: needless ask-backs {needless} of {settled} ({100 * needless / settled:.1f} %)  {mark(100 * needless / settled <= BARS['needless'])}"
    )


def share(name: str, right: Iterable[bool], bar: int | None) -> None:
    """One line of figures."""
    results = list(right)
    percent = 100 * sum(results) / len(results)
    print(f"{name}: {sum(results)} of {len(results)} ({percent:.1f} %)" + (f"  {mark(percent >= bar)}" if bar else ""))


def mark(reached: bool) -> str:
    """Whether a bar is reached."""
    return "reached" if reached else "BELOW"


def miss(outcome: Outcome) -> bool:
    """Whether the verdict or the intent is another one."""
    return not outcome.right or outcome.reading.intent != outcome.question.intent


def confusion(outcome: Outcome) -> str:
    """What was expected, what came, in which language and kind of trap."""
    question = outcome.question
    return (
        f"{question.language} {question.trap}: {question.intent}/{question.verdict or 'none'}"
        f" → {outcome.reading.intent}/{outcome.verdict or 'none'}{' LOOSER' if outcome.looser else ''}"
    )

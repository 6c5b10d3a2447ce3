"""Understanding and judging: how fast beside a plain look-up, and how right on questions written by somebody else.

questions_en.jsonl was written from CONTRACT, matrix.yaml and register.yaml alone, without the code. The vocabulary was
improved with it afterwards, so its figures say how far we are, not what a fresh set would give.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bot.answers.answer import answer
from bot.policy.load import PACKAGED, Content, load_content
from bot.policy.model import STRICTNESS, Tool, Verdict
from bot.understanding.understand import Understanding

QUESTIONS = Path(__file__).parent / "questions_en.jsonl"
ASKED = [
    "can I put customer emails into chatgpt?",
    "may I use Claude Enterprise for our roadmap",
    "is a blog post ok in grammarly?",
    "hi, quick question: could I paste the minutes of our last team meeting into Microsoft 365 Copilot to get a summary?",
    "can i use zorbo ai with salary lists",
]
LIMIT_MS = {1_000: 1.0, 10_000: 3.0}


def larger(content: Content, size: int) -> tuple[Tool, ...]:
    """The register, filled up to a size with made-up tools."""
    made = tuple(
        Tool(f"Tool{number:05d} Assist", content.policy.tiers[number % 4].id, aliases=(f"tool{number:05d}", f"assist {number:05d}"))
        for number in range(size - len(content.tools))
    )
    return content.tools + made


def median_ms(work: Callable[[str], object], rounds: int = 300) -> float:
    """The median time of one question."""
    times: list[float] = []
    for number in range(rounds):
        question = ASKED[number % len(ASKED)]
        begun = time.perf_counter()
        work(question)
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)[len(times) // 2]


def longest_alias(tools: tuple[Tool, ...], question: str) -> str:
    """The baseline: the longest name or alias that occurs in the text, found by looking for each."""
    text = question.casefold()
    return max((alias for tool in tools for alias in (tool.name.casefold(), *tool.aliases) if alias in text), key=len, default="")


def run() -> None:
    """Print the figures."""
    content = load_content(PACKAGED)
    for size, limit in LIMIT_MS.items():
        tools = larger(content, size)
        reader = Understanding(content.policy, tools, content.languages[0])
        ours = median_ms(lambda question, reader=reader, tools=tools: answer(content.policy, tools, reader.read(question)))  # type: ignore[misc]
        bare = median_ms(lambda question, tools=tools: longest_alias(tools, question))  # type: ignore[misc]
        mark = "reached" if ours <= limit else "BELOW"
        print(f"understand and judge, {size:,} tools: median {ours:.3f} ms (≤ {limit} ms), plain longest-alias look-up {bare:.3f} ms  {mark}")
    accuracy(content)


def accuracy(content: Content) -> None:
    """Print how many questions come out right, by verdict and by trap."""
    reader = Understanding(content.policy, content.tools, content.languages[0])
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    looser = 0
    for line in QUESTIONS.read_text("utf-8").splitlines():
        row = json.loads(line)
        reading = reader.read(row["text"])
        verdict = answer(content.policy, content.tools, reading).verdict
        for kind in ("all", f"verdict {row['verdict']}", f"trap {row['trap']}"):
            total[kind] += 1
            right[kind] += verdict == row["verdict"]
        total["intent"] += 1
        right["intent"] += reading.intent == row["intent"]
        if row["verdict"] and verdict in (Verdict.PERMITTED, Verdict.CONDITIONAL):
            looser += STRICTNESS.index(verdict) < STRICTNESS.index(Verdict(row["verdict"]))
    for kind in sorted(total):
        print(f"questions, {kind}: {right[kind]} of {total[kind]} ({100 * right[kind] / total[kind]:.0f} %)")
    print(f"questions, looser than the matrix: {looser}")

"""Understanding and judging: how fast beside a plain look-up."""

import time
from collections.abc import Callable

from bot.answers.answer import answer
from bot.policy.load import PACKAGED, Content, load_content
from bot.policy.model import Tool
from bot.understanding.understand import Understanding

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

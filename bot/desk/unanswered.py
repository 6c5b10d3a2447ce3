"""Which questions count as unanswered, and as what: they show what the vocabulary and the register lack."""

from collections.abc import Iterator

from bot.answers.answer import Answer
from bot.engine.ports import Reason, Unanswered
from bot.engine.world import World
from bot.policy.model import Verdict
from bot.understanding.reading import Intent

ABOUT_TOOLS = (Intent.ASK, Intent.TOOL_STATUS, Intent.REQUEST)
SHORTEST = 3  # words at least: a shorter text out of scope says nothing about what is missing


def unanswered(given: Answer, world: World) -> Iterator[Unanswered]:
    """What is to be counted of this answer; nothing where the organization wants nothing counted."""
    reading = given.reading
    if not world.policy.organization.count_unanswered or reading.too_long:
        return
    if reading.intent in ABOUT_TOOLS:
        for heard in reading.tools:
            if heard.tool and not heard.tool.known and "‹" not in heard.heard:
                yield Unanswered(Reason.TOOL, "", "", heard.tool.name)
    out_of_scope = reading.intent is Intent.OUT_OF_SCOPE and len(reading.text.split()) >= SHORTEST
    if given.verdict is Verdict.ASK_BACK or out_of_scope:
        shape = world.tongues.reader(reading.language).shape(reading)
        reason = Reason.OUT_OF_SCOPE if out_of_scope else Reason.ASKED_BACK
        yield Unanswered(reason, reading.language, shape.text, ", ".join(shape.lacking))

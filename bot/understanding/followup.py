"""A message that goes on from the last answer: "and with Claude?", "customer data", "what about the roadmap?"."""

from dataclasses import replace

from bot.understanding.reading import Intent, Reading

FRAGMENT = 3  # words: a longer message without "and …" is a question of its own
ANSWER = 8  # words: a longer message is no answer to a question back


def incomplete(reading: Reading) -> bool:
    """Whether a message may go on from the one before it."""
    if reading.intent not in (Intent.ASK, Intent.TOOL_STATUS, Intent.OUT_OF_SCOPE):
        return False
    return reading.follows or not (reading.tools and (reading.data or reading.uses))


def continued(now: Reading, before: Reading, *, asked_back: bool) -> Reading:
    """The message read together with the question before it; unchanged where it stands on its own.

    What it names replaces what was named before of the same kind; what it does not name is taken from there.
    """
    short = now.length <= FRAGMENT
    if not (now.follows or asked_back or short) or now.intent not in (Intent.ASK, Intent.TOOL_STATUS, Intent.OUT_OF_SCOPE):
        return now
    named_data = bool(now.data or now.secrets or now.unknown_data)
    if now.tools and named_data and not asked_back:
        return now
    if not (now.tools or named_data or now.uses):
        if not asked_back or now.length > ANSWER:
            return now
        return replace(reading_on(now, before), data=before.data, unknown_data=(now.text.strip(),))
    if before.intent is Intent.TOOL_STATUS and now.tools and not named_data:
        return replace(now, intent=Intent.TOOL_STATUS)
    merged = reading_on(now, before)
    if asked_back and named_data:  # an answer completes what was there, it does not replace it
        data = tuple(dict.fromkeys((*before.data, *now.data)))
        return replace(merged, data=data, unknown_data=now.unknown_data)
    if named_data:
        return replace(merged, data=now.data, unknown_data=now.unknown_data)
    return replace(merged, data=before.data, unknown_data=before.unknown_data)


def reading_on(now: Reading, before: Reading) -> Reading:
    """The message with the tool and the purposes of the question before it, where it names none."""
    return replace(now, intent=Intent.ASK, tools=now.tools or before.tools, uses=tuple(dict.fromkeys((*before.uses, *now.uses))))

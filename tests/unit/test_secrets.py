"""Made-up secrets of every provider and country, in every place people put them, beside messages that hold none (R36, S67).

The corpus was written by somebody who had not seen the redaction.
"""

import os
import random
from collections import Counter
from importlib import import_module

import pytest

from bot.policy.load import Content
from bot.redaction.redact import Redaction
from tests.secrets.ordinary import ordinary
from tests.secrets.placements import PLACEMENTS, leaks
from tests.secrets.registry import KINDS

for name in ("providers", "connections", "cards_and_ids"):
    import_module(f"tests.secrets.{name}")  # each adds its kinds

SOAK = bool(os.environ.get("MAYI_SOAK"))
PLACES = 51 if SOAK else 8  # of each kind
HARMLESS = 10_000 if SOAK else 1_500
RECALL, FALSE_ALARMS = 0.98, 0.01
KIND_RECALL = 0.6


@pytest.fixture(scope="module")
def redaction(content: Content) -> Redaction:
    """The redaction with the words of every language."""
    return Redaction(content.languages)


def test_secrets_are_found_and_nothing_of_them_is_left(redaction: Redaction) -> None:
    """At least 98 of 100 are found, of every kind most, and what is found leaves no part behind."""
    rng = random.Random(7)
    found: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    left: list[str] = []
    for kind, made in KINDS.items():
        for place in rng.sample(sorted(PLACEMENTS), min(PLACES, len(PLACEMENTS))):
            secret = made(rng)
            redacted = redaction.redact(PLACEMENTS[place](secret))
            asked[kind] += 1
            found[kind] += bool(redacted.kinds)
            if redacted.kinds and leaks(kind, secret, redacted.text):
                left.append(f"{kind} in {place}")

    assert found.total() >= RECALL * asked.total()
    assert [kind for kind in asked if found[kind] < KIND_RECALL * asked[kind]] == []
    assert len(left) <= 0.001 * asked.total(), left


def test_messages_without_secrets_are_left_alone(redaction: Redaction) -> None:
    """At most one of 100 is taken for a secret: invoice numbers, hashes, telephone numbers, versions, the word password."""
    messages = ordinary(random.Random(8), HARMLESS)
    flagged = [message for message in messages if redaction.redact(message).kinds]

    assert len(flagged) <= FALSE_ALARMS * len(messages), flagged[:20]


def test_redacting_again_changes_nothing(redaction: Redaction) -> None:
    """What was redacted stays as it is, wherever it is read again."""
    rng = random.Random(9)
    for kind, made in KINDS.items():
        once = redaction.redact(f"may I paste {made(rng)} into ChatGPT?").text
        assert redaction.redact(once).text == once, kind

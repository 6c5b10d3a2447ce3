"""What people see did not change by accident, and every card is valid on both platforms (S65)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from adapters.playground import adaptive_cards, block_kit
from adapters.slack import render as slack
from adapters.teams import render as teams
from bot.ui.card import Card
from bot.understanding.reading import Intent
from tests.golden.examples import QUESTIONS, examples, world
from tests.harness import leaves, parts, pretty

FOLDER = Path(__file__).parent / "cards"
RENDERERS: dict[str, Callable[[Card], dict[str, Any]]] = {"slack": slack.message, "teams": teams.activity}
EXAMPLES = dict(examples())


@pytest.mark.parametrize("platform", sorted(RENDERERS))
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_card_is_as_agreed(name: str, platform: str) -> None:
    """Golden files; write them anew with `python -m tests.golden.write`."""
    assert pretty(RENDERERS[platform](EXAMPLES[name])) == (FOLDER / f"{name}.{platform}.json").read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    """A card that is gone leaves nothing behind."""
    assert {path.name for path in FOLDER.glob("*.json")} == {f"{name}.{platform}.json" for name in EXAMPLES for platform in RENDERERS}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_card_is_valid_on_both_platforms(name: str) -> None:
    """S65: our closed schemas, and Slack's own models."""
    message = slack.message(EXAMPLES[name])

    assert block_kit.faults(message["blocks"]) == []
    assert adaptive_cards.faults(teams.activity(EXAMPLES[name])) == []
    for block in message["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        assert json.dumps(parsed.to_dict(), sort_keys=True) == json.dumps(block, sort_keys=True)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_both_platforms_show_the_same_words(name: str) -> None:
    """Parity: what Slack shows, Teams shows."""
    blocks = [block for block in slack.message(EXAMPLES[name])["blocks"] if block["type"] != "actions"]
    on_slack = "".join("".join(leaves(block)) for block in blocks)
    card = teams.adaptive_card(EXAMPLES[name])
    on_teams = "".join(run["text"].removeprefix("•  ") for block in parts(card, "RichTextBlock") for run in block["inlines"])

    assert on_slack.replace("\n", "") == on_teams.replace("\n", "")


def test_every_intent_has_an_example() -> None:
    """No card escapes the golden files."""
    here = world()

    assert {here.read(question).intent for question in QUESTIONS.values()} == set(Intent)

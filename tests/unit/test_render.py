"""Whatever people write stays text, and every card fits: both renderers under hostile and endless input (S64–S66)."""

import json

from hypothesis import given
from hypothesis import strategies as st

from adapters.playground import adaptive_cards, block_kit
from adapters.slack import render as slack
from adapters.teams import render as teams
from bot.answers.cards import shared_card
from bot.redaction.redact import Redaction
from bot.ui.card import Bullets, Button, Card, Facts, Heading, Note, Option, Paragraph, Quote, Span
from tests.golden.examples import world
from tests.harness import leaves, parts

WORLD = world()
redact = Redaction(()).redact
HOSTILE = [
    "<!channel>",
    "<!here|x>",
    "<@U0ANN>",
    "<#C0GENERAL>",
    "<!subteam^S1>",
    "<https://evil.example|Policy>",
    "<!date^1^x|y>",
    "*bold* _it_ ~x~ `c`",
    "<at>Ann</at>",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "**Yes**",
    "# Yes",
    "${1+1}",
    "{{x}}",
    '"}],"type":"Action.OpenUrl"',
    "\u202egnp.exe",
    "a\u200bb",
    "\u0301" * 10_000,
    "✅ Approved by the CFO",
    "Yes: you may use it",
    "\x00\x07",
    "&lt;!channel&gt;",
    "🏳️‍🌈" * 200,
]
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=4000), st.text(alphabet="<>&*_`@|\\\"'{}[]()!", max_size=400))
spans = st.lists(st.builds(Span, texts, st.booleans()), max_size=4).map(tuple)
options = st.lists(st.builds(Option, st.text(min_size=1, max_size=400), texts), min_size=1, max_size=150)
blocks = st.one_of(
    st.builds(Heading, texts.filter(bool)),
    st.builds(Paragraph, spans),
    st.builds(Bullets, st.lists(spans, min_size=1, max_size=8).map(tuple)),
    st.builds(Quote, spans),
    st.builds(Facts, st.lists(st.tuples(texts, texts), min_size=1, max_size=6).map(tuple)),
    st.builds(Note, spans),
)
buttons = st.lists(st.builds(Button, texts.filter(bool), st.just("settle"), st.text(max_size=60)), max_size=6).map(tuple)
cards = st.builds(Card, texts.filter(bool), st.lists(blocks, min_size=1, max_size=3).map(tuple), buttons)

MARKUP = {"mrkdwn", "link", "user", "usergroup", "channel", "broadcast", "TextBlock", "Action.OpenUrl", "mention"}


def kinds(thing: object) -> set[str]:
    """Every type in a structure; what a button sends back is not looked into."""
    if isinstance(thing, dict):
        return {str(thing.get("type", ""))}.union(*(kinds(value) for key, value in thing.items() if key not in ("data", "value")))
    return set().union(*(kinds(item) for item in thing)) if isinstance(thing, list) else set()


@given(cards)
def test_hostile_text_stays_text(card: Card) -> None:
    """S64: no mention, no link, no markup, no structure that is not ours. Mutation: render a Span as mrkdwn."""
    message, activity = slack.message(card), teams.activity(card)

    assert not kinds(message["blocks"]) & MARKUP
    assert not kinds(activity) & MARKUP
    assert "<" not in message["text"]
    assert "entities" not in activity


@given(cards)
def test_every_card_fits(card: Card) -> None:
    """S65: no invalid_blocks, no msg_too_long, no MessageSizeTooBig, whatever the texts. Mutation: drop `shortened`."""
    if sum(len(text) for text in leaves(slack.message(card)["blocks"])) <= block_kit.MOST_CHARACTERS:
        assert block_kit.faults(slack.message(card)["blocks"]) == []
    wrong = [fault for fault in adaptive_cards.faults(teams.activity(card)) if fault != "MessageSizeTooBig"]
    assert wrong == []


@given(texts)
def test_a_shared_question_cannot_pass_for_an_answer(text: str) -> None:
    """S66: what somebody wrote stands in a quote of its own; the verdict's line is always ours."""
    answer = Card("No: …", (Heading("No"), Paragraph((Span("because"),))))
    shared = shared_card(WORLD.say(), "Ann Lee", redact(text).text, answer)

    assert slack.message(shared)["blocks"][0]["text"]["text"] == "No"
    quoted = [element for block in slack.message(shared)["blocks"] for element in block.get("elements", []) if element["type"] == "rich_text_quote"]
    assert len(quoted) == bool(redact(text).text)
    containers = [part for part in parts(teams.adaptive_card(shared), "Container") if part.get("style") == "emphasis"]
    assert len(containers) == bool(redact(text).text)


@given(st.sampled_from(HOSTILE), st.sampled_from(["is {} approved?", "can I put blog posts into {}?", "can I put {} into ChatGPT?", "{}"]))
def test_hostile_questions_give_valid_answers(hostile: str, form: str) -> None:
    """S64, S65 through the real cards: names and data as heard are shown as text."""
    from bot.answers.answer import answer
    from bot.desk.prepared import answer_card

    reading = WORLD.read(form.format(hostile))
    card = answer_card(WORLD, answer(WORLD.policy, WORLD.tools, reading), "RCP-1")

    assert block_kit.faults(slack.message(card)["blocks"]) == []
    assert adaptive_cards.faults(teams.activity(card)) == []
    assert json.dumps(slack.message(card)).count("<!") == 0

"""Card → Block Kit. The only place with Slack's `"type"` words; read it beside adapters/teams/render.py.

Running text goes into rich_text, whose runs are plain: nothing a person wrote can become a mention, a link or bold.
Only `escape` makes text safe for the one field that is markup, the notification text.
"""

import json
from functools import lru_cache
from typing import Any

from bot.engine.turn import Reply
from bot.ui.card import RECEIPT_MARK, Block, Bullets, Button, Card, Choice, Facts, Heading, Note, Paragraph, Quote, Span, Tone

SIGNS = {Tone.GOOD: "✅ ", Tone.CAUTION: "⚠️ ", Tone.BAD: "⛔ ", Tone.PLAIN: ""}
MOST_BLOCKS = 50
HEADER, TEXT, BUTTON, OPTION, PLACEHOLDER, SUMMARY = 150, 2900, 75, 75, 150, 3500

Json = dict[str, Any]


def message(card: Card) -> Json:
    """The text and blocks of a message."""
    blocks = [rendered for place, block in enumerate(card.blocks) for rendered in render_block(block, place)]
    if card.buttons:
        blocks = blocks[: MOST_BLOCKS - 1]
        blocks.append({"type": "actions", "elements": [button(item, place) for place, item in enumerate(card.buttons[:25])]})
    return {"text": escape(shortened(card.summary, SUMMARY)), "blocks": blocks[:MOST_BLOCKS], "unfurl_links": False, "unfurl_media": False}


@lru_cache(maxsize=1024)
def rendered(card: Card) -> str:
    """The message of a card as JSON; its RECEIPT_MARK, if it has one, still in it."""
    return json.dumps(message(card), ensure_ascii=False)


def voice(reply: Reply) -> str:
    """The response to a slash command: seen by the person alone."""
    if reply.card is None:
        return ""
    return '{"response_type": "ephemeral", ' + rendered(reply.card).replace(RECEIPT_MARK, reply.receipt)[1:]


def escape(text: str) -> str:
    """Text that Slack shows as it is: the three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is too long."""
    return text if len(text) <= most else text[: most - 1] + "…"


def render_block(block: Block, place: int) -> list[Json]:
    """One neutral block."""
    match block:
        case Heading(text=text, tone=tone):
            if len(text) > HEADER:
                return [rich([section((Span(text, strong=True),))])]
            return [{"type": "header", "text": {"type": "plain_text", "text": SIGNS[tone] + text, "emoji": True}}]
        case Paragraph(spans=spans):
            return [rich([section(spans)])]
        case Bullets(items=items):
            return [rich([{"type": "rich_text_list", "style": "bullet", "elements": [section(item) for item in items]}])]
        case Quote(spans=spans):
            return [rich([{"type": "rich_text_quote", "elements": runs(spans)}])]
        case Facts(rows=rows):
            return [
                rich(
                    [
                        section((Span(f"{label}: ", strong=True), Span(value + ("\n" if at < len(rows) - 1 else ""))))
                        for at, (label, value) in enumerate(rows)
                    ]
                )
            ]
        case Note(spans=spans):
            text = shortened("".join(span.text for span in spans), TEXT)
            return [{"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]}] if text else []
        case Choice(id=id, label=label, options=options):
            menu = {
                "type": "static_select",
                "action_id": f"{id}:{place}",
                "placeholder": {"type": "plain_text", "text": shortened(label, PLACEHOLDER)},
                "options": [
                    {"text": {"type": "plain_text", "text": shortened(option.label, OPTION)}, "value": shortened(option.id, 150)}
                    for option in options[:100]
                ],
            }
            return [{"type": "actions", "elements": [menu]}]


def rich(elements: list[Json]) -> Json:
    """A block of rich text."""
    return {"type": "rich_text", "elements": elements}


def section(spans: tuple[Span, ...]) -> Json:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": runs(spans)}


def runs(spans: tuple[Span, ...]) -> list[Json]:
    """Plain runs; Slack drops empty ones, so they are left out."""
    left = TEXT
    found: list[Json] = []
    for span in spans:
        text = shortened(span.text, max(left, 1))
        left -= len(text)
        if text:
            found.append({"type": "text", "text": text, "style": {"bold": True}} if span.strong else {"type": "text", "text": text})
    return found or [{"type": "text", "text": " "}]


def button(item: Button, place: int) -> Json:
    """A button; its value is a reference."""
    found: Json = {
        "type": "button",
        "action_id": f"{item.action}:{place}",
        "text": {"type": "plain_text", "text": shortened(item.label, BUTTON), "emoji": True},
        "value": item.ref,
    }
    return found | {"style": "primary"} if item.primary else found

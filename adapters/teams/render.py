"""Card → Adaptive Card 1.5. The only place with Microsoft's `"type"` words; read it beside adapters/slack/render.py.

Running text goes into RichTextBlock, whose runs are plain: nothing a person wrote can become a mention, a link or bold.
"""

import json
from functools import lru_cache
from typing import Any

from bot.engine.turn import Reply
from bot.ui.card import RECEIPT_MARK, Block, Bullets, Button, Card, Choice, Facts, Heading, Note, Paragraph, Quote, Span, Tone

VERSION = "1.5"
STYLES = {Tone.GOOD: "good", Tone.CAUTION: "warning", Tone.BAD: "attention", Tone.PLAIN: "default"}
COLORS = {Tone.GOOD: "good", Tone.CAUTION: "warning", Tone.BAD: "attention", Tone.PLAIN: "default"}
SIGNS = {Tone.GOOD: "✅ ", Tone.CAUTION: "⚠️ ", Tone.BAD: "⛔ ", Tone.PLAIN: ""}
HEADER, TEXT, BUTTON, SUMMARY = 150, 2900, 75, 3500

Json = dict[str, Any]


def activity(card: Card) -> Json:
    """The message activity that shows a card."""
    return {
        "type": "message",
        "summary": shortened(card.summary, SUMMARY),
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": adaptive_card(card)}],
    }


@lru_cache(maxsize=1024)
def rendered(card: Card) -> str:
    """The message of a card as JSON; its RECEIPT_MARK, if it has one, still in it."""
    return json.dumps(activity(card), ensure_ascii=False)


def voice(reply: Reply) -> str:
    """The response to an Action.Execute: the card that takes the pressed one's place, or a line."""
    if reply.card is not None and reply.replaces:
        answer = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": adaptive_card(reply.card)}
        return json.dumps(answer, ensure_ascii=False).replace(RECEIPT_MARK, reply.receipt)
    return line(reply.card.summary.split("\n")[0] if reply.card else "")


def line(text: str) -> str:
    """An invoke response that leaves the card and shows a line."""
    return json.dumps({"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text})


def adaptive_card(card: Card) -> Json:
    """The card alone."""
    body = [rendered for block in card.blocks for rendered in render_block(block)]
    if card.buttons:
        body.append({"type": "ActionSet", "actions": [button(item) for item in card.buttons[:6]]})
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "fallbackText": shortened(card.summary, SUMMARY),
        "body": body,
        "msteams": {"width": "Full"},
    }


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is too long."""
    return text if len(text) <= most else text[: most - 1] + "…"


def render_block(block: Block) -> list[Json]:
    """One neutral block."""
    match block:
        case Heading(text=text, tone=tone):
            run = {
                "type": "TextRun",
                "text": shortened(SIGNS[tone] + text, HEADER * 3),
                "weight": "Bolder",
                "size": "Large" if len(text) <= 40 else "Medium",
            }
            heading: Json = {"type": "RichTextBlock", "inlines": [run | ({"color": COLORS[tone]} if tone is not Tone.PLAIN else {})]}
            return [{"type": "Container", "style": STYLES[tone], "bleed": True, "items": [heading]}] if tone is not Tone.PLAIN else [heading]
        case Paragraph(spans=spans):
            return [rich(spans)]
        case Bullets(items=items):
            return [rich((Span("•  "), *item), spacing="Small") for item in items]
        case Quote(spans=spans):
            return [{"type": "Container", "style": "emphasis", "items": [rich(spans)]}]
        case Facts(rows=rows):
            return [rich((Span(f"{label}: ", strong=True), Span(value)), spacing="Small") for label, value in rows]
        case Note(spans=spans):
            text = "".join(span.text for span in spans)
            return [rich(spans, spacing="Small", run={"size": "Small", "isSubtle": True})] if text else []
        case Choice(id=id, label=label, options=options):
            choices = [{"title": shortened(option.label, 150), "value": option.id} for option in options]
            return [{"type": "Input.ChoiceSet", "id": id, "label": label, "style": "compact", "placeholder": label, "choices": choices}]


def rich(spans: tuple[Span, ...], *, spacing: str = "Default", run: Json | None = None) -> Json:
    """A paragraph of plain runs."""
    left = TEXT
    inlines: list[Json] = []
    for span in spans:
        text = shortened(span.text, max(left, 1))
        left -= len(text)
        if text:
            inlines.append({"type": "TextRun", "text": text, **(run or {}), **({"weight": "Bolder"} if span.strong else {})})
    return {"type": "RichTextBlock", "inlines": inlines or [{"type": "TextRun", "text": " "}], "spacing": spacing}


def button(item: Button) -> Json:
    """A button: Action.Execute, and Action.Submit for clients that do not know it. Its data is a reference."""
    data = {"action": item.action, "ref": item.ref}
    title = shortened(item.label, BUTTON)
    style = {"style": "positive"} if item.primary else {}
    return {
        "type": "Action.Execute", "title": title, "verb": item.action, "data": data, **style,
        "fallback": {"type": "Action.Submit", "title": title, "data": data, **style},
    }  # fmt: skip

"""Card → Adaptive Card 1.5. The only place with Microsoft's `"type"` words; read it beside adapters/slack/render.py.

Running text goes into RichTextBlock, whose runs are plain: nothing a person wrote can become a mention, a link or bold.
"""

import json
from functools import lru_cache
from typing import Any

from bot.engine.turn import Opens, Reply
from bot.ui.card import RECEIPT_MARK, Block, Bullets, Button, Card, Choice, Facts, Heading, Note, Paragraph, Quote, Span, Tone
from bot.ui.form import Dialog, Kind, Question

VERSION = "1.5"
STYLES = {Tone.GOOD: "good", Tone.CAUTION: "warning", Tone.BAD: "attention", Tone.PLAIN: "default"}
COLORS = {Tone.GOOD: "good", Tone.CAUTION: "warning", Tone.BAD: "attention", Tone.PLAIN: "default"}
SIGNS = {Tone.GOOD: "✅ ", Tone.CAUTION: "⚠️ ", Tone.BAD: "⛔ ", Tone.PLAIN: ""}
HEADER, TEXT, BUTTON, SUMMARY, MOST_ACTIONS = 150, 2900, 75, 3500, 6

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
    """The response to an Action.Execute: the card that takes the pressed one's place, or a line; to a dialog: a dialog."""
    if reply.dialog is not None:
        task = {"type": "continue", "value": {"title": shortened(reply.dialog.title, 64), "height": "large", "width": "medium"}}
        card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": dialog_card(reply.dialog)}
        return json.dumps({"task": {**task, "value": {**task["value"], "card": card}}}, ensure_ascii=False)  # type: ignore[dict-item]
    if reply.opens is not Opens.NOTHING:
        return closing(reply.card.summary if reply.card else "")
    if reply.card is not None and reply.replaces:
        answer = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": adaptive_card(reply.card)}
        return json.dumps(answer, ensure_ascii=False).replace(RECEIPT_MARK, reply.receipt)
    return line(reply.card.summary.split("\n")[0] if reply.card else "")


def line(text: str) -> str:
    """An invoke response that leaves the card and shows a line."""
    return json.dumps({"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text})


def closing(text: str) -> str:
    """The response that closes a dialog, with a line where there is something to say."""
    return json.dumps({"task": {"type": "message", "value": shortened(text, 1000)}} if text else {}, ensure_ascii=False)


def dialog_card(dialog: Dialog) -> Json:
    """A form as the card of a dialog."""
    body = [rich(line) for line in dialog.lead]
    for question in dialog.questions:
        if problem := dialog.problems.get(question.id):
            body.append(rich((Span(problem, strong=True),), run={"color": "attention"}))
        body.append(input_element(question, dialog.answers.get(question.id, ())))
        if question.hint:
            body.append(rich((Span(question.hint),), spacing="Small", run={"size": "Small", "isSubtle": True}))
    several = ",".join(question.id for question in dialog.questions if question.kind is Kind.CHOICES)
    data = {"ref": dialog.ref, "several": several, "asked": ",".join(question.id for question in dialog.questions)}
    submit = {"type": "Action.Submit", "title": shortened(dialog.submit, BUTTON), "data": data, "style": "positive"}
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "fallbackText": shortened(dialog.title, SUMMARY),
        "body": [*body, {"type": "ActionSet", "actions": [submit]}],
    }


def input_element(question: Question, values: tuple[str, ...]) -> Json:
    """One question of a dialog, with what is answered already."""
    found: Json = {"id": question.id, "label": question.label, "isRequired": question.required}
    if question.required:
        found["errorMessage"] = question.label
    if values:
        found["value"] = ("," if question.kind is Kind.CHOICES else "\n").join(values)
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES as kind:
            choices = [{"title": shortened(option.label, 150), "value": option.id} for option in question.options]
            many = {"isMultiSelect": True, "style": "expanded"} if kind is Kind.CHOICES else {"style": "compact"}
            return {"type": "Input.ChoiceSet", **found, **many, "choices": choices}
        case Kind.DATE:
            return {"type": "Input.Date", **found}
        case kind:
            return {"type": "Input.Text", **found, "isMultiline": kind in (Kind.LONG_TEXT, Kind.LINKS), "maxLength": question.longest}


def adaptive_card(card: Card) -> Json:
    """The card alone. Teams shows six buttons of a set, so that more are several sets."""
    body = [rendered for block in card.blocks for rendered in render_block(block)]
    for start in range(0, len(card.buttons), MOST_ACTIONS):
        body.append({"type": "ActionSet", "actions": [button(item) for item in card.buttons[start : start + MOST_ACTIONS]]})
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
        case Choice(id=id, label=label, options=options, many=True):
            choices = [{"title": shortened(option.label, 150), "value": option.id} for option in options]
            return [{"type": "Input.ChoiceSet", "id": id, "label": label, "style": "expanded", "isMultiSelect": True, "choices": choices}]
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
    if item.opens:  # Teams opens a dialog for a Submit that asks for it; a client without dialogs sends it as a message
        return {"type": "Action.Submit", "title": title, "data": data | {"msteams": {"type": "task/fetch"}}, **style}
    return {
        "type": "Action.Execute", "title": title, "verb": item.action, "data": data, **style,
        "fallback": {"type": "Action.Submit", "title": title, "data": data, **style},
    }  # fmt: skip

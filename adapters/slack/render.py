"""Card → Block Kit. The only place with Slack's `"type"` words; read it beside adapters/teams/render.py.

Running text goes into rich_text, whose runs are plain: nothing a person wrote can become a mention, a link or bold.
Only `escape` makes text safe for the one field that is markup, the notification text.
"""

import json
from functools import lru_cache
from typing import Any

from bot.engine.turn import Opens, Reply
from bot.ui.card import RECEIPT_MARK, Block, Bullets, Button, Card, Choice, Facts, Heading, Note, Option, Paragraph, Quote, Span, Tone
from bot.ui.form import Dialog, Kind, Question

SIGNS = {Tone.GOOD: "✅ ", Tone.CAUTION: "⚠️ ", Tone.BAD: "⛔ ", Tone.PLAIN: ""}
MOST_BLOCKS = 50
HEADER, TEXT, BUTTON, OPTION, PLACEHOLDER, SUMMARY, TITLE = 150, 2900, 75, 75, 150, 3500, 24

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


def home() -> Json:
    """A home page, without its blocks."""
    return {"type": "home"}


def voice(reply: Reply) -> str:
    """The response to a slash command or a modal, seen by the person alone; or the modal to open."""
    if reply.dialog is not None:
        return json.dumps(dialog_response(reply.dialog, reply.opens), ensure_ascii=False)
    if reply.opens is Opens.SENT:
        return json.dumps({"response_action": "clear"})
    if reply.card is None or reply.posted:
        return ""
    return '{"response_type": "ephemeral", ' + rendered(reply.card).replace(RECEIPT_MARK, reply.receipt)[1:]


def dialog_response(dialog: Dialog, opens: Opens) -> Json:
    """A modal to be opened (`open`), or the answer to one that was sent off: its errors, or its next page."""
    if opens is not Opens.SENT:
        return {"open": view(dialog)}
    if dialog.new_page:
        return {"response_action": "update", "view": view(dialog)}
    return {"response_action": "errors", "errors": {id: shortened(text, 150) for id, text in dialog.problems.items()}}


def view(dialog: Dialog) -> Json:
    """A modal."""
    blocks = [rich([section(line)]) for line in dialog.lead]
    for question in dialog.questions:
        if problem := dialog.problems.get(question.id):
            blocks.append(rich([section((Span(problem, strong=True),))]))
        blocks.append(input_block(question, dialog.answers.get(question.id, ())))
    return {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": dialog.ref,
        "title": {"type": "plain_text", "text": shortened(dialog.title, TITLE)},
        "submit": {"type": "plain_text", "text": shortened(dialog.submit, TITLE)},
        "close": {"type": "plain_text", "text": shortened(dialog.cancel, TITLE)},
        "blocks": blocks[:100],
    }


def input_block(question: Question, values: tuple[str, ...]) -> Json:
    """One question of a modal; its block is named after it."""
    block: Json = {
        "type": "input",
        "block_id": question.id,
        "label": {"type": "plain_text", "text": shortened(question.label, 2000)},
        "optional": not question.required,
        "element": element(question, values) | {"action_id": "value"},
    }
    return block | ({"hint": {"type": "plain_text", "text": shortened(question.hint, 2000)}} if question.hint else {})


def element(question: Question, values: tuple[str, ...]) -> Json:
    """The input of a question, with what is answered already."""
    options = [option_object(option) for option in question.options[:100]]
    chosen = [option for option in options if option["value"] in values]
    match question.kind:
        case Kind.CHOICE:
            menu: Json = {"type": "static_select", "options": options}
            return menu | ({"initial_option": chosen[0]} if chosen else {})
        case Kind.CHOICES if len(options) <= 10:
            boxes: Json = {"type": "checkboxes", "options": options}
            return boxes | ({"initial_options": chosen} if chosen else {})
        case Kind.CHOICES:
            many: Json = {"type": "multi_static_select", "options": options}
            return many | ({"initial_options": chosen} if chosen else {})
        case Kind.DATE:
            date: Json = {"type": "datepicker"}
            return date | ({"initial_date": values[0]} if values else {})
        case kind:
            text: Json = {"type": "plain_text_input", "multiline": kind in (Kind.LONG_TEXT, Kind.LINKS), "max_length": question.longest}
            return text | ({"initial_value": "\n".join(values)[: question.longest]} if values else {})


def option_object(option: Option) -> Json:
    """An option of a menu."""
    return {"text": {"type": "plain_text", "text": shortened(option.label, OPTION)}, "value": shortened(option.id, 150)}


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
        case Choice(id=id, options=options, many=True):
            boxes = {"type": "checkboxes", "action_id": f"{id}:{place}", "options": [option_object(option) for option in options[:10]]}
            return [{"type": "actions", "elements": [boxes]}]
        case Choice(id=id, label=label, options=options):
            menu = {
                "type": "static_select",
                "action_id": f"{id}:{place}",
                "placeholder": {"type": "plain_text", "text": shortened(label, PLACEHOLDER)},
                "options": [option_object(option) for option in options[:100]],
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

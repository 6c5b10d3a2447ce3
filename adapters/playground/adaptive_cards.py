"""What Teams lets through: a closed schema of the Adaptive Cards that MayI emits, and the size of a message.

Stricter than the published schema where that helps: it accepts any column width and any unknown key; this does not.
Source   adaptivecards.io 1.5 schema; Teams message size, design figure 25 KB.
"""

import json
from collections.abc import Iterator
from typing import Any

Json = Any
MOST_BYTES = 25_000
KEYS = {
    "AdaptiveCard": {"type", "$schema", "version", "fallbackText", "body", "msteams"},
    "Container": {"type", "style", "bleed", "items"},
    "RichTextBlock": {"type", "inlines", "spacing"},
    "TextRun": {"type", "text", "weight", "size", "color", "isSubtle"},
    "ActionSet": {"type", "actions"},
    "Input.ChoiceSet": {"type", "id", "label", "style", "placeholder", "choices", "isMultiSelect", "isRequired", "errorMessage", "value"},
    "Input.Text": {"type", "id", "label", "isRequired", "errorMessage", "value", "isMultiline", "maxLength"},
    "Input.Date": {"type", "id", "label", "isRequired", "errorMessage", "value"},
    "Action.Execute": {"type", "title", "verb", "data", "style", "fallback"},
    "Action.Submit": {"type", "title", "data", "style"},
}
VALUES = {
    "weight": {"Bolder"},
    "size": {"Small", "Medium", "Large"},
    "color": {"good", "warning", "attention", "default"},
    "spacing": {"Default", "Small"},
}
STYLES = {
    "Container": {"good", "warning", "attention", "emphasis", "default"},
    "Action.Execute": {"positive"},
    "Action.Submit": {"positive"},
    "Input.ChoiceSet": {"compact", "expanded"},
}


def faults(activity: Json) -> list[str]:
    """Everything that is wrong with a message activity that carries a card; empty for a good one."""
    if not isinstance(activity, dict) or activity.get("type") != "message":
        return ["a message activity is needed"]
    found: list[str] = []
    if len(json.dumps(activity, ensure_ascii=False).encode("utf-16-le")) > 2 * MOST_BYTES:
        found.append("MessageSizeTooBig")
    attachments = activity.get("attachments")
    if not isinstance(attachments, list) or len(attachments) != 1:
        return [*found, "one attachment is needed"]
    if attachments[0].get("contentType") != "application/vnd.microsoft.card.adaptive":
        return [*found, "the attachment must be an Adaptive Card"]
    return [*found, *card_faults(attachments[0].get("content"))]


def card_faults(card: Json) -> list[str]:
    """Everything that is wrong with a card."""
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard" or card.get("version") != "1.5":
        return ["an AdaptiveCard of version 1.5 is needed"]
    if not card.get("fallbackText"):
        return ["a card needs a fallbackText"]
    found = list(walk(card))
    ids = [item["id"] for item in parts(card) if str(item.get("type")).startswith("Input.")]
    if len(ids) != len(set(ids)):
        found.append("an input id stands twice")
    return found


def walk(card: dict[str, Json]) -> Iterator[str]:
    """The faults of every part."""
    for part in parts(card):
        kind = part.get("type", "")
        if kind not in KEYS:
            yield f"unknown type {kind}"
            continue
        if unknown := set(part) - KEYS[kind]:
            yield f"{kind} has unknown keys {sorted(unknown)}"
        if "style" in part and part["style"] not in STYLES.get(kind, set()):
            yield f"{kind} has no style {part['style']}"
        for key, allowed in VALUES.items():
            if key in part and part[key] not in allowed:
                yield f"{key} cannot be {part[key]}"
        if kind == "TextRun" and not (isinstance(part.get("text"), str) and part["text"]):
            yield "a TextRun needs text"
        if kind == "Input.ChoiceSet" and not (part.get("choices") and part.get("id") and part.get("label")):
            yield "a ChoiceSet needs an id, a label and choices"
        if kind in ("Input.Text", "Input.Date") and not (part.get("id") and part.get("label")):
            yield "an input needs an id and a label"
        if kind.startswith("Action.") and not (part.get("title") and isinstance(part.get("data"), dict)):
            yield "an action needs a title and data"
        if kind == "ActionSet" and not 0 < len(part.get("actions", [])) <= 6:
            yield "an ActionSet needs 1 to 6 actions"


def parts(thing: Json) -> Iterator[dict[str, Json]]:
    """Every part of a card that has a type; what a button sends back is not looked into."""
    if isinstance(thing, list):
        for item in thing:
            yield from parts(item)
    elif isinstance(thing, dict):
        if "type" in thing:
            yield thing
        for key, value in thing.items():
            if key not in ("data", "choices", "msteams"):
                yield from parts(value)

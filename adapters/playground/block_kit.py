"""What Slack lets through: a closed schema of the Block Kit that MayI emits, with Slack's limits.

Stricter than Slack where that helps: an unknown key or type is a fault here, so that nothing untested reaches anybody.
Source   docs.slack.dev, Block Kit reference; limits as of 2026.
"""

from collections.abc import Iterator
from typing import Any

Json = Any
MOST_BLOCKS, MOST_ELEMENTS, MOST_CONTEXT, MOST_OPTIONS = 50, 25, 10, 100
HEADER, BUTTON, VALUE, ID, OPTION, OPTION_VALUE, PLACEHOLDER, CONTEXT, RUN = 150, 75, 2000, 255, 75, 150, 150, 3000, 3000
MODAL_TITLE, LABEL, PRIVATE_METADATA, MOST_VIEW_BLOCKS, MOST_BOXES, LONGEST_INPUT = 24, 2000, 3000, 100, 10, 3000
INPUTS = ("plain_text_input", "static_select", "multi_static_select", "checkboxes", "datepicker")
VIEW_KEYS = {"type", "callback_id", "private_metadata", "title", "submit", "close", "blocks"}
MOST_CHARACTERS = 13_000  # of all blocks together; above it Slack answered msg_blocks_too_long

KEYS = {
    "header": {"type", "text"},
    "rich_text": {"type", "elements"},
    "context": {"type", "elements"},
    "actions": {"type", "elements"},
    "button": {"type", "action_id", "text", "value", "style"},
    "static_select": {"type", "action_id", "placeholder", "options", "initial_option"},
    "multi_static_select": {"type", "action_id", "options", "initial_options"},
    "checkboxes": {"type", "action_id", "options", "initial_options"},
    "datepicker": {"type", "action_id", "initial_date"},
    "plain_text_input": {"type", "action_id", "multiline", "max_length", "initial_value"},
    "input": {"type", "block_id", "label", "optional", "element", "hint"},
    "rich_text_section": {"type", "elements"},
    "rich_text_list": {"type", "style", "elements"},
    "rich_text_quote": {"type", "elements"},
    "text": {"type", "text", "style"},
}


def faults(blocks: Json) -> list[str]:
    """Everything that is wrong with these blocks; empty for good ones."""
    if not isinstance(blocks, list):
        return ["blocks must be a list"]
    found = list(each(blocks))
    if len(blocks) > MOST_BLOCKS:
        found.append(f"{len(blocks)} blocks, at most {MOST_BLOCKS}")
    if sum(len(text) for text in texts(blocks)) > MOST_CHARACTERS:
        found.append("msg_blocks_too_long")
    ids = [
        element.get("action_id") for block in blocks if isinstance(block, dict) for element in block.get("elements", []) if isinstance(element, dict)
    ]
    ids = [id for id in ids if id]
    if len(ids) != len(set(ids)):
        found.append("an action_id stands twice")
    return found


def view_faults(view: Json) -> list[str]:
    """Everything that is wrong with a modal; empty for a good one."""
    if not isinstance(view, dict) or view.get("type") != "modal":
        return ["a modal is needed"]
    found = [f"unknown keys {sorted(unknown)}"] if (unknown := set(view) - VIEW_KEYS) else []
    for key in ("title", "submit", "close"):
        found += list(plain_text(view.get(key), MODAL_TITLE))
    if len(str(view.get("private_metadata", ""))) > PRIVATE_METADATA:
        found.append("private_metadata is too long")
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not 0 < len(blocks) <= MOST_VIEW_BLOCKS:
        return [*found, f"a modal needs 1 to {MOST_VIEW_BLOCKS} blocks"]
    names = [block.get("block_id") for block in blocks if block.get("block_id")]
    if len(names) != len(set(names)):
        found.append("a block_id stands twice")
    return [*found, *each(blocks)]


def each(blocks: list[Json]) -> Iterator[str]:
    """The faults of each block."""
    for block in blocks:
        if not isinstance(block, dict):
            yield "a block must be an object"
            continue
        yield from keys(block)
        match block.get("type"):
            case "header":
                yield from plain_text(block.get("text"), HEADER)
            case "rich_text":
                for element in elements(block, 100):
                    yield from rich(element)
            case "context":
                for element in elements(block, MOST_CONTEXT):
                    yield from plain_text(element, CONTEXT)
            case "actions":
                for element in elements(block, MOST_ELEMENTS):
                    yield from keys(element)
                    yield from action(element)
            case "input":
                yield from input_block(block)
            case _:
                pass  # `keys` has named it


def keys(thing: dict[str, Json]) -> Iterator[str]:
    """Unknown types and keys."""
    allowed = KEYS.get(thing.get("type", ""))
    if allowed is None:
        yield f"unknown type {thing.get('type')}"
    elif unknown := set(thing) - allowed:
        yield f"{thing['type']} has unknown keys {sorted(unknown)}"


def elements(block: dict[str, Json], most: int) -> list[dict[str, Json]]:
    """The elements of a block; one wrong one stands for a wrong number."""
    found = block.get("elements")
    if not isinstance(found, list) or not 0 < len(found) <= most or not all(isinstance(item, dict) for item in found):
        return [{"type": "wrong number of elements"}]
    return found


def plain_text(text: Json, most: int) -> Iterator[str]:
    """Faults of a plain_text object."""
    if not isinstance(text, dict) or text.get("type") != "plain_text" or set(text) - {"type", "text", "emoji"}:
        yield "a plain_text object is needed"
    elif not isinstance(text.get("text"), str) or not 0 < len(text["text"]) <= most:
        yield f"a text needs 1 to {most} characters"


def rich(element: dict[str, Json]) -> Iterator[str]:
    """Faults of rich text; its leaves are plain runs only."""
    yield from keys(element)
    match element.get("type"):
        case "rich_text_section" | "rich_text_quote":
            for run in elements(element, 1000):
                yield from keys(run)
                if run.get("type") != "text" or not isinstance(run.get("text"), str) or not 0 < len(run["text"]) <= RUN:
                    yield f"a run needs 1 to {RUN} characters of plain text"
                if run.get("style", {"bold": True}) != {"bold": True}:
                    yield "a run may only be bold"
        case "rich_text_list":
            if element.get("style") != "bullet":
                yield "a list must have bullets"
            for item in elements(element, 1000):
                yield from rich(item)
        case other:
            yield f"{other} does not belong in rich text"


def action(element: dict[str, Json]) -> Iterator[str]:
    """Faults of a button or menu."""
    if not isinstance(element.get("action_id"), str) or not 0 < len(element["action_id"]) <= ID:
        yield "an action_id is needed"
    if element.get("type") == "button":
        yield from plain_text(element.get("text"), BUTTON)
        if len(str(element.get("value", ""))) > VALUE:
            yield "a button's value is too long"
        if element.get("style", "primary") not in ("primary", "danger"):
            yield "an unknown button style"
    elif element.get("type") == "static_select":
        yield from plain_text(element.get("placeholder"), PLACEHOLDER)
        yield from menu(element, MOST_OPTIONS)
    elif element.get("type") == "checkboxes":
        yield from menu(element, MOST_BOXES)


def input_block(block: dict[str, Json]) -> Iterator[str]:
    """Faults of a modal's input."""
    yield from plain_text(block.get("label"), LABEL)
    if "hint" in block:
        yield from plain_text(block["hint"], LABEL)
    element = block.get("element")
    if not isinstance(element, dict) or element.get("type") not in INPUTS or not block.get("block_id"):
        yield "an input needs a block_id and an element"
        return
    yield from keys(element)
    if element.get("max_length", 1) > LONGEST_INPUT or len(element.get("initial_value", "")) > element.get("max_length", LONGEST_INPUT):
        yield "an input's text is too long"
    if "options" in element:
        yield from menu(element, MOST_BOXES if element["type"] == "checkboxes" else MOST_OPTIONS)


def menu(element: dict[str, Json], most: int) -> Iterator[str]:
    """Faults of a list of options."""
    options = element.get("options")
    if not isinstance(options, list) or not 0 < len(options) <= most:
        yield f"a menu needs 1 to {most} options"
        return
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        yield "two options have one value"
    for option in options:
        yield from plain_text(option.get("text"), OPTION)
        if not isinstance(option.get("value"), str) or not 0 < len(option["value"]) <= OPTION_VALUE or set(option) != {"text", "value"}:
            yield "an option needs a text and a value"
    for chosen in (element.get("initial_options") or []) + ([element["initial_option"]] if "initial_option" in element else []):
        if chosen not in options:
            yield "what is chosen at first must be an option"


def texts(thing: Json) -> Iterator[str]:
    """Every text in a structure."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(thing, list):
        for item in thing:
            yield from texts(item)

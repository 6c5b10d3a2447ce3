"""All that the bot can show, free of any platform. Each adapter's render.py turns a Card into what its platform shows.

Text that people wrote stands in a Span (or a Facts value) and is never markup: renderers show it as plain runs.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a heading feels: good news, a condition, a No, or neither."""

    GOOD = "good"
    CAUTION = "caution"
    BAD = "bad"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; `strong` sets it off."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The first thing to read."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one point each."""

    items: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else: the person's own question, a section of the policy."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, a row each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a menu."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A menu to pick one of, or `many`. What was picked comes with the press of a button."""

    id: str
    label: str
    options: tuple[Option, ...]
    many: bool = False
    picked: tuple[str, ...] = ()


Block = Heading | Paragraph | Bullets | Quote | Facts | Note | Choice


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `action` says what for and `ref` about what; both are references, never facts.

    `opens` says that it opens a dialog, which one platform has to know beforehand.
    """

    label: str
    action: str
    ref: str
    primary: bool = False
    opens: bool = False


#: Stands in a card for the id of a receipt that is not known yet. Private to us: texts of people are cleaned of it.
RECEIPT_MARK = "\ue000"


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One message. `summary` is what a screen reader and a notification read: it says all that matters.

    Compared by identity, so that what was made of a card once (its JSON on a platform) can be kept beside it.
    """

    summary: str
    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()


def plain(spans: tuple[Span, ...]) -> str:
    """The words of these spans."""
    return "".join(span.text for span in spans)

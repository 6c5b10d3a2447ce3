"""What a person does on a platform, as the core sees it; and what comes back in the same breath."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.ui.card import Card
from bot.ui.form import Dialog


@dataclass(frozen=True, slots=True)
class Said:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button or menu. `ref` is what the button referred to; `picked` what the menus beside it hold."""

    action: str
    ref: str
    picked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filled:
    """A dialog sent off: what it referred to, and what its inputs hold, by question."""

    ref: str
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody opened the bot's home page, which is drawn for them."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The bot was added for this person."""


class Opens(StrEnum):
    """What a turn has to do with a dialog: it may open one, it was sent from one, or nothing."""

    NOTHING = ""
    MAY_OPEN = "may_open"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes. Addresses are the adapter's own; the core only keeps them.

    `in_turn` answers in the platform's own response; `address` is where a message is posted ("" where the response is
    all), `replace` where the pressed message itself is replaced, if that is elsewhere. `share` is where the answer can
    be shown to others; `public` says that others see it already; `direct` that it is the chat with one person.
    """

    conversation: str
    address: str = ""
    replace: str = ""
    in_turn: bool = False
    share: str = ""
    public: bool = False
    direct: bool = False
    dialog: Opens = Opens.NOTHING
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that one person did. `key` is the same for every repeat of the delivery.

    `user` is platform:home:user, the id of the account; `hints` are what the platform said of the person along the way.
    """

    key: str
    at: datetime
    platform: str
    user: str
    what: Said | Pressed | Filled | Looked | Arrived
    place: Place
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the platform is answered in the turn itself, before its adapter says it; the rest has gone to the outbox.

    `replaces` says that the card takes the place of the one that was pressed; `receipt` fills the card's RECEIPT_MARK.
    `dialog` is opened, or stays open with what is wrong; `opens` is what the turn had to do with dialogs. `posted` says
    that the card leaves through the outbox anyway.
    """

    card: Card | None = None
    replaces: bool = False
    receipt: str = ""
    dialog: Dialog | None = None
    opens: Opens = Opens.NOTHING
    posted: bool = False


class NotChecked(Exception):
    """What this turn orders takes authority, and the platform was asked too long ago who it is: ask again, then do it over."""


class NotSavedInTime(Exception):
    """The turn could not be saved, or not in time; it changed nothing."""

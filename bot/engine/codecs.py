"""The codecs of what is stored: cards and register entries."""

from functools import lru_cache

from bot.case.codec import Codec
from bot.policy.model import Status, Tool
from bot.ui import card

CARDS = Codec(
    card.Card, card.Heading, card.Paragraph, card.Bullets, card.Quote, card.Facts, card.Note, card.Choice, card.Option, card.Button, card.Span,
    card.Tone, Tool, Status,
)  # fmt: skip


@lru_cache(maxsize=1024)
def stored_card(shown: card.Card) -> str:
    """A card as it is stored; its RECEIPT_MARK, if it has one, still in it."""
    return CARDS.dump(shown)

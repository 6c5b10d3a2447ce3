"""The codecs of what is stored: cards and register entries."""

from bot.case.codec import Codec
from bot.policy.model import Status, Tool
from bot.ui import card

CARDS = Codec(
    card.Card, card.Heading, card.Paragraph, card.Bullets, card.Quote, card.Facts, card.Note, card.Choice, card.Option, card.Button, card.Span,
    card.Tone, Tool, Status,
)  # fmt: skip

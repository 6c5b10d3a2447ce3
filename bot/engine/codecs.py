"""The codecs of what is stored: cards, register entries, requests with their events and orders, drafts."""

from functools import lru_cache

from bot.case.base import Actor
from bot.case.codec import Codec
from bot.engine.records import Draft
from bot.policy.model import Status, Tool
from bot.policy.process import Seat
from bot.requests import commands, events, state
from bot.ui import card

CARDS = Codec(
    card.Card, card.Heading, card.Paragraph, card.Bullets, card.Quote, card.Facts, card.Note, card.Choice, card.Option, card.Button, card.Span,
    card.Tone, Tool, Status, Draft,
)  # fmt: skip

TIMERS = (commands.Remind, commands.Warn, commands.Escalate, commands.Expire, commands.WarnOfEnd, commands.TellAffected)
REQUESTS = Codec(Actor, Seat, state.Request, state.Phase, state.Approval, state.Remark, state.Terms, *events.EVENTS, *TIMERS)


@lru_cache(maxsize=1024)
def stored_card(shown: card.Card) -> str:
    """A card as it is stored; its RECEIPT_MARK, if it has one, still in it."""
    return CARDS.dump(shown)

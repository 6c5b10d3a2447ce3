"""Cards out to Teams: posted to a conversation, or replaced there. Only the outbox tries again."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from adapters.teams.connector import Connector, NotTrusted, TokenUnavailable
from adapters.teams.render import rendered
from bot.delivery.messenger import RetryLater, Sent, Undeliverable
from bot.delivery.pacing import Limits
from bot.ui.card import RECEIPT_MARK, Card

PASSING = frozenset((401, 408, 412, 425, 429, 500, 502, 503, 504))


# A bot in one conversation, and all it sends to one tenant (msteams-docs, rate limits; the older, lower figure for the tenant).
LIMITS = Limits(post_to_a_place=((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0)), in_all=((30, 1.0),))


class TeamsMessenger:
    """Implements `bot.delivery.messenger.Messenger`. Addresses are the JSON that inbound.py made."""

    def __init__(self, connector: Connector, limits: Limits) -> None:
        self._connector, self.limits = connector, limits

    def place(self, address: str) -> str:
        """The conversation."""
        return str(json.loads(address)["conversation"])

    async def show(self, address: str, card: Card, message: str, receipt: str = "") -> Sent | RetryLater | Undeliverable:
        """Post the card, or replace the message that shows it."""
        where = json.loads(address)
        path = ("conversations", where["conversation"], "activities")
        body = rendered(card).replace(RECEIPT_MARK, receipt)
        try:
            if message:
                status, headers, found = await self._connector.call("PUT", where["service_url"], (*path, message), body)
                if status != 404:
                    return Sent(message) if status < 300 else refused(status, headers, found)
            status, headers, found = await self._connector.call("POST", where["service_url"], path, body)
        except NotTrusted:
            return Undeliverable("the service URL is not one of Microsoft's")
        except TokenUnavailable as error:
            return RetryLater(f"Microsoft gave no token ({error})", outage=True)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return RetryLater(f"Teams did not answer properly ({type(error).__name__})", outage=True)
        if status >= 300:
            return refused(status, headers, found)
        return Sent(str(found.get("id") or "") if isinstance(found, dict) else "")


def refused(status: int, headers: Mapping[str, str], found: Any) -> RetryLater | Undeliverable:
    """What a refusal of the connector means for the outbox.

    Source   msteams-docs, conversation messages, "Status codes retry guidance".
    """
    error = found.get("error") if isinstance(found, dict) else None
    code = str(error.get("code") or "") if isinstance(error, dict) else ""
    if status not in PASSING:
        return Undeliverable(f"Teams: {status} {code}".strip())
    after = next((value for key, value in headers.items() if key.lower() == "retry-after"), "")
    asked = float(after) if after.isdecimal() else None
    return RetryLater(f"Teams: {status} {code}".strip(), asked, "everything" if status == 429 else "this card", outage=status >= 500)

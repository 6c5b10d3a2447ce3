"""Cards out to Slack: posted, replaced, or sent to a response_url. Only the outbox tries again."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from adapters.slack.render import home, rendered
from bot.delivery.messenger import RetryLater, Sent, Undeliverable
from bot.delivery.pacing import Limits
from bot.ui.card import RECEIPT_MARK, Card

# What Slack says when trying again cannot help (docs.slack.dev, chat.postMessage and chat.update).
FINAL = frozenset((
    "account_inactive", "cannot_dm_bot", "cant_update_message", "channel_not_found", "edit_window_closed", "ekm_access_denied", "invalid_auth",
    "invalid_blocks", "invalid_blocks_format", "is_archived", "message_not_found", "messages_tab_disabled", "missing_scope", "msg_blocks_too_long",
    "msg_too_long", "no_permission", "no_text", "not_allowed_token_type", "not_authed", "not_in_channel", "restricted_action", "token_expired",
    "token_revoked", "user_disabled", "user_not_found", "user_not_visible", "team_access_not_granted", "org_login_required",
))  # fmt: skip
GONE = frozenset(("message_not_found", "cant_update_message", "edit_window_closed"))  # the old one cannot be replaced; a new one can be posted


# One message a second and channel; chat.update is of tier 3 (docs.slack.dev, rate limits). What a whole workspace takes is not
# published: there the pauses that Slack asks for are kept.
LIMITS = Limits(post_to_a_place=((1, 1.0),), changes=((50, 60.0),))


class SlackMessenger:
    """Implements `bot.delivery.messenger.Messenger`. Addresses are the JSON that inbound.py made."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, hosts: frozenset[str], limits: Limits) -> None:
        self._client, self._session, self._hosts = client, session, hosts
        self.limits = limits

    def place(self, address: str) -> str:
        """The channel, or the person whose direct messages it is."""
        return str(json.loads(address).get("channel", ""))

    async def show(self, address: str, card: Card, message: str, receipt: str = "") -> Sent | RetryLater | Undeliverable:
        """Post the card, or replace the message that shows it."""
        where = json.loads(address)
        body = json.loads(rendered(card).replace(RECEIPT_MARK, receipt))
        try:
            if "home" in where:
                await self._client.views_publish(user_id=where["home"], view={**home(), "blocks": body["blocks"]})
                return Sent("home")
            if "response_url" in where:
                return await self._respond(where, body)
            return await self._post(where, body, message)
        except SlackApiError as error:
            return refused(error)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return RetryLater(f"Slack did not answer properly ({type(error).__name__})", outage=True)

    async def _post(self, where: Mapping[str, str], body: dict[str, Any], message: str) -> Sent | Undeliverable | RetryLater:
        if message:
            old = json.loads(message)
            try:
                await self._client.chat_update(channel=old["channel"], ts=old["ts"], text=body["text"], blocks=body["blocks"])
            except SlackApiError as error:
                if reason_of(error) not in GONE:
                    raise
            else:
                return Sent(message)
        answer = await self._client.chat_postMessage(channel=where["channel"], thread_ts=where.get("thread_ts"), **body)
        if not answer.get("ts"):
            return RetryLater("Slack accepted a message without saying where it is")
        return Sent(json.dumps({"channel": answer.get("channel") or where["channel"], "ts": answer["ts"]}))

    async def _respond(self, where: Mapping[str, Any], body: dict[str, Any]) -> Sent | RetryLater | Undeliverable:
        """A response_url takes five messages within half an hour; after that the person's direct messages do."""
        url = URL(str(where["response_url"]))
        in_private = json.dumps({"channel": where["user"]})
        if url.host not in self._hosts:
            return Undeliverable("the response_url is not Slack's", in_private)
        how = {"response_type": "in_channel" if where["how"] == "share" else "ephemeral", "replace_original": where["how"] == "replace"}
        async with self._session.post(url, json={"text": body["text"], "blocks": body["blocks"]} | how, allow_redirects=False) as answer:
            if answer.status == 429:
                return RetryLater("Slack asked for a pause", retry_after(answer.headers))
            if answer.status >= 500:
                return RetryLater(f"Slack answered {answer.status}", outage=True)
            if answer.status >= 400:
                return Undeliverable(f"the response_url has run out ({answer.status})", in_private)
        return Sent("response_url")


def reason_of(error: SlackApiError) -> str:
    """The error's name as Slack gives it; "" where the answer was none of Slack's."""
    data = error.response.data
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def refused(error: SlackApiError) -> RetryLater | Undeliverable:
    """What a refusal of the Web API means for the outbox."""
    response, reason = error.response, reason_of(error)
    if response.status_code == 429 or reason in ("ratelimited", "rate_limited"):
        return RetryLater("Slack asked for a pause", retry_after(response.headers), pauses="the same")
    if reason in FINAL:
        return Undeliverable(f"Slack: {reason}")
    return RetryLater(f"Slack: {reason or response.status_code}", outage=response.status_code >= 500)


def retry_after(headers: Mapping[str, Any]) -> float | None:
    """The seconds that a Retry-After header asks for; None where it says nothing usable."""
    value = next((str(value[0] if isinstance(value, list) else value) for key, value in headers.items() if key.lower() == "retry-after"), "")
    return float(value) if value.isdecimal() else None

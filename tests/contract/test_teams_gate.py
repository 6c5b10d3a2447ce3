"""Teams' door: only what the Bot Framework signed for us, from our tenant, over Teams."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from adapters.playground.faults import Fault
from adapters.playground.people import APP_ID, TENANT
from adapters.playground.teams_client import TeamsClient
from adapters.teams.gate import SigningKeys, trusted
from store.tables import ACCOUNT, DELIVERY
from tests.conftest import Running
from tests.harness import ANN, settled

Json = dict[str, Any]


@pytest.fixture
def teams(running: Running) -> TeamsClient:
    """Teams, before its door."""
    return TeamsClient(running.stand_ins.teams, running.session, f"{running.base}/api/messages")


async def rows(running: Running) -> int:
    """How many deliveries and accounts are stored."""
    from sqlalchemy import func, select

    counts = [select(func.count()).select_from(table) for table in (DELIVERY, ACCOUNT)]
    return sum(await running.bot.store.database.read(lambda connection: [connection.execute(count).scalar_one() for count in counts]))


def message(teams: TeamsClient, **more: object) -> Json:
    """A message that would be good."""
    return teams.activity(ANN, ANN.chat, type="message", text="can I use ChatGPT?") | more


def tokens(teams: TeamsClient) -> dict[str, str]:
    """Tokens that are wrong in one way each."""
    make, now = teams.connector.token, int(time.time())
    good = make()
    head, body, signature = good.split(".")
    kid = next(iter(teams.connector.keys))
    public = teams.connector.keys[kid].public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    none_head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT", "kid": kid}).encode()).decode().rstrip("=")
    hmac_head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode()).decode().rstrip("=")
    import hashlib
    import hmac

    forged_signature = base64.urlsafe_b64encode(hmac.new(public, f"{hmac_head}.{body}".encode(), hashlib.sha256).digest()).decode().rstrip("=")
    claims = jwt.decode(good, options={"verify_signature": False})
    from cryptography.hazmat.primitives.asymmetric import rsa

    stranger = jwt.encode(claims, rsa.generate_private_key(public_exponent=65537, key_size=2048), algorithm="RS256", headers={"kid": kid})
    return {
        "empty": "",
        "garbage": "abc",
        "three dots": "a.b.c",
        "alg none": f"{none_head}.{body}.",
        "HS256 with the public key": f"{hmac_head}.{body}.{forged_signature}",
        "cut signature": good[:-8],
        "no signature": f"{head}.{body}.",
        "changed body": f"{head}.{body[:-4]}AAAA.{signature}",
        "another key": stranger,
        "no kid": jwt.encode(claims, teams.connector.keys[kid], algorithm="RS256"),
        "unknown kid": jwt.encode(claims, teams.connector.keys[kid], algorithm="RS256", headers={"kid": "unknown"}),
        "wrong audience": make(aud="00000000-0000-4000-8000-000000000001"),
        "no audience": make(aud=None),
        "list of audiences": make(aud=["someone-else"]),
        "wrong issuer": make(iss="https://evil.example"),
        "no issuer": make(iss=None),
        "emulator issuer": make(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"),
        "emulator issuer v2": make(iss="https://login.microsoftonline.com/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0", appid=APP_ID),
        "skill token": make(iss="https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0", appid=APP_ID, ver="2.0"),
        "expired": make(exp=now - 400),
        "no expiry": make(exp=None),
        "not yet valid": make(nbf=now + 900),
        "other service URL": make(serviceurl="https://smba.trafficmanager.net/emea/"),
        "no service URL": make(serviceurl=None),
    }


async def test_every_wrong_token_is_turned_away(running: Running, teams: TeamsClient) -> None:
    """S5: n = 24 tokens; 401 or 403, no handler, nothing stored. Mutation: leave `audience` out of `jwt.decode`."""
    for name, token in tokens(teams).items():
        answer = await teams.deliver(message(teams), token)
        assert answer.status in (401, 403), name

    assert await rows(running) == 0


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "bearer {}", "Bearer  {}", "Bearer {} {}"])
async def test_a_header_that_is_no_bearer_token_is_turned_away(running: Running, teams: TeamsClient, header: str | None) -> None:
    """S4, S5: no Authorization header never runs a handler. The stock adapter answers 500."""
    token = teams.token()
    headers = {"Content-Type": "application/json"} | ({"Authorization": header.replace("{}", token)} if header is not None else {})
    async with running.session.post(teams.endpoint, data=json.dumps(message(teams)), headers=headers) as answer:
        assert answer.status == 401

    assert await rows(running) == 0


WRONG_ACTIVITIES: list[tuple[str, Callable[[Json], object]]] = [
    ("no channel", lambda a: a.pop("channelId")),
    ("another channel", lambda a: a.update(channelId="webchat")),
    ("no service URL", lambda a: a.pop("serviceUrl")),
    ("another service URL", lambda a: a.update(serviceUrl="https://evil.example/")),
    ("another tenant", lambda a: a["channelData"]["tenant"].update(id="11111111-1111-4111-8111-111111111111")),
    ("another tenant in the conversation", lambda a: a["conversation"].update(tenantId="11111111-1111-4111-8111-111111111111")),
    ("no tenant at all", lambda a: (a["conversation"].pop("tenantId"), a.pop("channelData"))),
]


@pytest.mark.parametrize(("name", "spoil"), WRONG_ACTIVITIES, ids=[name for name, _ in WRONG_ACTIVITIES])
async def test_an_activity_that_is_not_for_us_is_refused(running: Running, teams: TeamsClient, name: str, spoil: Callable[[Json], object]) -> None:
    """S5, S7: the SDK lets all of these through. Mutation: drop `check_tenant`."""
    activity = message(teams)
    spoil(activity)

    assert (await teams.deliver(activity)).status == 403
    assert await rows(running) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"type": 1}', b"\xff", b'{"a":' + b"[" * 100_000])
async def test_what_is_no_activity_is_answered_400(running: Running, teams: TeamsClient, body: bytes) -> None:
    """S5, S74: malformed, deep, not UTF-8: never 500."""
    headers = {"Authorization": f"Bearer {teams.token()}", "Content-Type": "application/json"}
    async with running.session.post(teams.endpoint, data=body, headers=headers) as answer:
        assert answer.status == 400


async def test_a_rotated_key_is_accepted_at_the_next_allowed_fetch(running: Running) -> None:
    """S6 as corrected: a new key id is fetched, a spray of unknown ones causes one fetch a minute at most.

    n = 1,000 unknown ids. Mutation: drop the FETCH_EVERY_SECONDS condition.
    """
    connector, clock = running.stand_ins.teams, [1000.0]
    keys = SigningKeys(running.session, f"{connector.base}/openid", lambda: clock[0])
    assert await keys.get(next(iter(connector.keys))) is not None
    fetched = len(connector.calls)

    for number in range(1000):
        assert await keys.get(f"unknown-{number}") is None
    assert len(connector.calls) == fetched

    rotated = connector.rotate()
    assert await keys.get(rotated) is None
    clock[0] += 61
    assert await keys.get(rotated) is not None


async def test_known_keys_work_while_the_key_server_is_down(running: Running) -> None:
    """S6: a day without the key server; known keys are good, unknown ones refused."""
    connector, clock = running.stand_ins.teams, [1000.0]
    keys = SigningKeys(running.session, f"{connector.base}/openid", lambda: clock[0])
    known = next(iter(connector.keys))
    assert await keys.get(known) is not None

    connector.faults.add("openid", *[Fault(status=500)] * 2000)
    for hour in range(48):
        clock[0] += 3600
        assert await keys.get(known) is not None, hour
        assert await keys.get("unknown") is None


BAITS = [
    "http://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://evil.example/smba.trafficmanager.net/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://smba.trafficmanager.net:8443/",
    "https://user:pw@smba.trafficmanager.net/",
    "https://smba.trafficmanager.nеt/",
    "https://smba.trafficmanager.net\\@evil.example/",
    "//smba.trafficmanager.net/",
    "ftp://smba.trafficmanager.net/",
    "https://127.0.0.1:1/",
    "https://[::1]/",
    "https://xn--smba-.trafficmanager.net/",
    "",
    "https://smba.trafficmanager.net:99999/",
]


@pytest.mark.parametrize("url", BAITS)
def test_our_token_goes_to_no_bait(url: str) -> None:
    """S8: n = 15 forms. Checked again at every send, stored values included (connector.py). Mutation: compare by `in`."""
    assert not trusted(url, frozenset(("smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com")))


def test_microsofts_own_hosts_are_trusted() -> None:
    """The good ones, so that the others mean something."""
    assert trusted("https://smba.trafficmanager.net/emea/", frozenset(("smba.trafficmanager.net",)))


async def test_a_poisoned_address_in_the_database_gets_no_request(running: Running, teams: TeamsClient) -> None:
    """S8: a stored service URL is checked at the send; the bait sees nothing."""
    from bot.delivery.messenger import Undeliverable
    from bot.ui.card import Card

    messenger = running.bot.delivery._messengers["teams"]
    before = len(running.stand_ins.teams.calls)

    result = await messenger.show(json.dumps({"service_url": "https://evil.example/", "conversation": "a:ann"}), Card("x", ()), "")

    assert isinstance(result, Undeliverable)
    assert len(running.stand_ins.teams.calls) == before


ODD: list[Json] = [
    {"type": "conversationUpdate", "membersAdded": [{"id": "x"}]},
    {"type": "conversationUpdate", "channelData": None},
    {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    {"type": "messageUpdate"},
    {"type": "messageDelete"},
    {"type": "typing"},
    {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
    {"type": "endOfConversation"},
    {"type": "invoke", "name": "adaptiveCard/action", "value": None},
    {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": {"action": "gone", "ref": "x"}}}},
    {"type": "invoke", "name": "task/fetch", "value": {}},
    {"type": "invoke", "name": "composeExtension/query", "value": {}},
    {"type": "invoke", "name": "no/such/thing"},
    {"type": "installationUpdate", "action": "remove"},
    {"type": "somethingNew", "entities": [{"type": "brandNew"}]},
    {"type": "message", "text": None, "value": {"action": "gone"}},
]


@pytest.mark.parametrize("more", ODD, ids=[f"{place} {more['type']}" for place, more in enumerate(ODD)])
async def test_unknown_activities_are_answered_200(running: Running, teams: TeamsClient, more: Json) -> None:
    """S80: never 5xx for an authenticated activity; Teams stops delivering to bots that do that."""
    activity: Json = message(teams) | more
    activity["channelData"] = {"tenant": {"id": TENANT}}

    assert (await teams.deliver(activity)).status == 200


async def test_a_card_refresh_changes_nothing(running: Running, teams: TeamsClient) -> None:
    """S63: `trigger: automatic` is a refresh by the client, not a press."""
    value = {"action": {"type": "Action.Execute", "verb": "settle", "data": {"action": "settle", "ref": "RCP-1/0"}}, "trigger": "automatic"}
    activity = message(teams) | {"type": "invoke", "name": "adaptiveCard/action", "value": value}

    assert (await teams.deliver(activity)).status == 200
    assert await rows(running) == 0


async def test_an_older_client_that_submits_instead_is_understood(running: Running, teams: TeamsClient) -> None:
    """Action.Submit arrives as a message with a value."""
    await teams.says(ANN, "can I use ChatGPT?")
    await settled(running.bot)
    shown = running.stand_ins.teams.shown_in(ANN.chat)[-1]
    from tests.harness import parts

    action = parts(shown.card, "Action.Execute")[4]

    assert (await teams.submit(ANN, shown, action["fallback"]["data"])).status == 200
    await settled(running.bot)

    assert shown.activity["summary"].startswith("No")


async def test_installing_the_app_welcomes_and_remembers_where(running: Running, teams: TeamsClient) -> None:
    """The conversation reference is kept: it is the only way to reach somebody later."""
    assert (await teams.installs(ANN)).status == 200
    await settled(running.bot)

    (shown,) = running.stand_ins.teams.shown_in(ANN.chat)
    account = await running.bot.store.account(f"teams:{running.stand_ins.teams_settings().tenant}:{ANN.teams}")
    assert shown.activity["summary"].startswith("May I use this AI tool")
    assert account is not None
    assert json.loads(account.address)["conversation"] == ANN.chat
    assert account.email == ANN.email


async def test_one_token_serves_many_sends(running: Running, teams: TeamsClient) -> None:
    """S31: n = 12 sends, one fetch. The stock adapter fetches one a send."""
    for _ in range(12):
        await teams.says(ANN, "hi")
    await settled(running.bot)

    assert sum(method == "token" for method, _ in running.stand_ins.teams.calls) == 1

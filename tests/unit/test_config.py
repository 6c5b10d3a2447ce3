"""Settings: half a platform is refused in one sentence, and nothing switches verification off."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import BadSettings, Environment, load_settings

GUID = "1b4e28ba-2fa1-11d2-883f-b9a761bde3fb"
GOOD_SLACK = {"SLACK_BOT_TOKEN": "xoxb-1-2", "SLACK_SIGNING_SECRET": "0123456789abcdef0123"}
GOOD_TEAMS = {"MicrosoftAppId": GUID, "MicrosoftAppPassword": "a-good-password", "MicrosoftAppTenantId": GUID}
BAD_SECRETS = ["", " ", "short", "None", "changeme", "your-signing-secret", "   \t", "0123456789abcdef0123,"]
BAD_IDS = ["", " ", "None", "00000000-0000-0000-0000-000000000000", "not-a-guid"]


def settings(**values: str) -> object:
    """The settings in this environment."""
    return load_settings(Environment(**values))


def test_both_platforms_set_up() -> None:
    """The good case, so that the others mean something."""
    found = load_settings(Environment(**GOOD_SLACK, **GOOD_TEAMS))

    assert found.slack is not None
    assert found.teams is not None


@pytest.mark.parametrize("secret", BAD_SECRETS)
def test_a_signing_secret_that_is_none_is_refused(secret: str) -> None:
    """S2: empty, blank, short and placeholder secrets. n = 8. Mutation: drop the length check."""
    with pytest.raises(BadSettings, match="SLACK_SIGNING_SECRET"):
        settings(**GOOD_SLACK | {"SLACK_SIGNING_SECRET": secret})


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in GOOD_TEAMS for value in BAD_IDS if not (name.endswith("Password") and "-" in value)]
)
def test_a_teams_id_that_is_none_is_refused(name: str, value: str) -> None:
    """S4: empty, blank, "None", all-zero. The stock adapter turns authentication off instead."""
    with pytest.raises(BadSettings, match="MicrosoftApp"):
        settings(**GOOD_TEAMS | {name: value})


@pytest.mark.parametrize("kept", [c for n in (1, 2) for c in itertools.combinations(GOOD_TEAMS, n)])
def test_half_of_teams_is_refused(kept: tuple[str, ...]) -> None:
    """All or none."""
    with pytest.raises(BadSettings, match="MicrosoftApp"):
        settings(**{name: GOOD_TEAMS[name] for name in kept})


@pytest.mark.parametrize("kept", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"])
def test_half_of_slack_is_refused(kept: str) -> None:
    """A token without a secret, or the other way round."""
    with pytest.raises(BadSettings, match="SLACK"):
        settings(**{kept: (GOOD_SLACK | {"SLACK_API_URL": "http://127.0.0.1/"})[kept]})


@pytest.mark.parametrize(
    "more",
    [
        {"MicrosoftAppId": GUID},
        {"HOST": "0.0.0.0"},
        {"HOST": "mayi.example.com"},
        {"TEAMS_ALLOW_UNAUTHENTICATED": "yes"},
    ],
)
def test_the_open_gate_is_fenced(more: dict[str, str]) -> None:
    """S3, S4 as corrected: refused beside an app id and on an outside address."""
    with pytest.raises(BadSettings, match="TEAMS_ALLOW_UNAUTHENTICATED"):
        settings(**{"TEAMS_ALLOW_UNAUTHENTICATED": "1"} | more)


@pytest.mark.parametrize("url", ["https://evil.example/openid", "http://127.0.0.1@evil.example/", "http://10.0.0.1/"])
@pytest.mark.parametrize("name", ["TEAMS_OPENID_METADATA_URL", "TEAMS_TOKEN_URL"])
def test_stand_ins_are_loopback_only(name: str, url: str) -> None:
    """Keys and tokens come from Microsoft or from this machine."""
    with pytest.raises(BadSettings, match=name):
        settings(**GOOD_TEAMS, **{name: url})


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({}, "No platform is set up"), (GOOD_SLACK | {"SLACK_SIGNING_SECRET": " "}, "SLACK_SIGNING_SECRET"), ({"MicrosoftAppId": GUID}, "MicrosoftApp")],
)
def test_serve_says_what_it_needs_and_ends_with_2(values: dict[str, str], sentence: str, tmp_path: Path) -> None:
    """S2, S4: the process ends within seconds, with one line and without a port or a traceback."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd()), "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}", **values},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "x.db").exists()

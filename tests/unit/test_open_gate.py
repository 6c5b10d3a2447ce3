"""TEAMS_ALLOW_UNAUTHENTICATED lets local tools in, and nothing that may have come from elsewhere (S3, S4 as corrected)."""

import json

import pytest

from adapters.teams.gate import Refused
from adapters.teams.open_gate import FORWARDED, admit_locally

BODY = json.dumps({"type": "message", "serviceUrl": "http://localhost:56150/_connector"}).encode()


def test_a_local_tool_is_let_in() -> None:
    """Microsoft's Agents Playground on this machine."""
    assert admit_locally({}, "127.0.0.1", BODY)["type"] == "message"


@pytest.mark.parametrize("header", FORWARDED)
def test_what_came_through_a_proxy_is_refused(header: str) -> None:
    """n = 9 forwarding headers. Mutation: drop the check."""
    with pytest.raises(Refused):
        admit_locally({header: "x"}, "127.0.0.1", BODY)


@pytest.mark.parametrize("remote", ["10.0.0.7", "203.0.113.9", None, ""])
def test_another_machine_is_refused(remote: str | None) -> None:
    """Only loopback peers."""
    with pytest.raises(Refused):
        admit_locally({}, remote, BODY)


@pytest.mark.parametrize("url", ["https://smba.trafficmanager.net/", "http://evil.example/", "", "http://127.0.0.1@evil.example/", "http://[bad"])
def test_a_service_url_elsewhere_is_refused(url: str) -> None:
    """Answers stay on this machine."""
    with pytest.raises(Refused):
        admit_locally({}, "127.0.0.1", json.dumps({"type": "message", "serviceUrl": url}).encode())

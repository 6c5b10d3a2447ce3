"""The gate of TEAMS_ALLOW_UNAUTHENTICATED: for local tools such as Microsoft's Agents Playground, on this machine only.

config.py refuses it beside an app id or on an outside address; here requests that came through a proxy, and service
URLs off this machine, are refused.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from adapters.teams.gate import Refused, is_loopback, parsed

FORWARDED = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "Via",
    "CF-Connecting-IP",
    "True-Client-IP",
    "X-Original-Host",
)


def admit_locally(headers: Mapping[str, str], remote: str | None, body: bytes) -> dict[str, Any]:
    """The activity of a local tool.

    Errors   Refused 403 for anything that may have come from elsewhere.
    """
    if any(name in headers for name in FORWARDED) or not is_loopback(remote or ""):
        raise Refused(403, "not from this machine")
    activity = parsed(body)
    try:
        host = urlsplit(str(activity.get("serviceUrl") or "")).hostname or ""
    except ValueError:
        host = ""
    if not is_loopback(host):
        raise Refused(403, "the service URL is not on this machine")
    return activity

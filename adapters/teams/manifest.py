"""The Teams app package: a manifest that offers exactly what bot.py answers, and two icons."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ICONS = Path(__file__).resolve().parent / "icons"
COMMANDS = (
    ("help", "What I can answer"),
    ("home", "What is going on"),
    ("choose", "Pick tool and data from menus"),
    ("request", "Request an AI tool"),
    ("use-case", "Register an AI use case"),
    ("exception", "Ask for an exception"),
    ("status", "What I asked for"),
    ("inbox", "What waits for my decision"),
    ("register", "The AI tool register"),
    ("policy", "The AI policy"),
)


def manifest(url: str, app_id: str) -> dict[str, Any]:
    """The manifest for an installation at this base URL.

    Source   Microsoft's app manifest schema 1.16 and later; only properties that stand in all of them.
    """
    return {
        "$schema": "https://developer.microsoft.com/json-schemas/teams/v1.16/MicrosoftTeams.schema.json",
        "manifestVersion": "1.16",
        "version": "1.0.0",
        "id": app_id,
        "developer": {"name": "MayI", "websiteUrl": url, "privacyUrl": url, "termsOfUseUrl": url},
        "name": {"short": "May I", "full": "May I use this AI tool with this data?"},
        "description": {
            "short": "May I use this AI tool with this data?",
            "full": (
                "Ask in plain words whether an AI tool may be used with some data. May I answers at once from your organization's own AI policy, "
                "with the section the answer rests on, what would do instead, and the next step. Every answer has a receipt."
            ),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#1F3D5C",
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team", "groupChat"],
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [
                    {
                        "scopes": ["personal", "team", "groupChat"],
                        "commands": [{"title": title, "description": text} for title, text in COMMANDS],
                    }
                ],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(url).hostname or ""],
    }


def package(url: str, app_id: str) -> bytes:
    """The zip that Teams takes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest(url, app_id), indent=2, ensure_ascii=False))
        for name in ("color.png", "outline.png"):
            archive.writestr(name, (ICONS / name).read_bytes())
    return whole.getvalue()

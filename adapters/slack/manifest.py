"""The Slack app manifest: exactly what listeners.py listens for, and the scopes that takes."""

from typing import Any

SCOPES = {
    "app_mentions:read": "hears when somebody mentions it in a channel",
    "chat:write": "answers",
    "chat:write.public": "hands questions over in the where-to-ask channel",
    "commands": "offers /ai",
    "im:history": "hears direct messages to itself",
    "users:read": "tells members from guests and strangers",
    "users:read.email": "links Slack and Teams accounts of one person",
}
EVENTS = ("app_home_opened", "app_mention", "message.im")
COMMANDS = (
    ("/ai", "May I use this AI tool with this data?", "can I put customer emails into ChatGPT?"),
    ("/ai-request", "Request an AI tool", "Canva Magic Studio"),
)


def manifest(url: str) -> dict[str, Any]:
    """The manifest for an installation at this base URL.

    Source   api.slack.com, app manifest schema; format version 1.
    """
    endpoint = f"{url.rstrip('/')}/slack/events"
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "May I",
            "description": "May I use this AI tool with this data?",
            "long_description": (
                "Ask in plain words whether an AI tool may be used with some data. May I answers at once from your organization's own "
                "AI policy, with the section the answer rests on, what would do instead, and the next step. Every answer has a receipt."
            ),
            "background_color": "#1f3d5c",
        },
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "May I", "always_online": True},
            "slash_commands": [
                {"command": command, "url": endpoint, "description": text, "usage_hint": hint, "should_escape": False}
                for command, text, hint in COMMANDS
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {"request_url": endpoint, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": endpoint},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }

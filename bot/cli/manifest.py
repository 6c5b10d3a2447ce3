"""`mayi manifest`: the app manifests, ready to upload."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from adapters.slack.manifest import manifest as slack_manifest
from adapters.teams.manifest import package as teams_package
from bot.cli.common import MISUSE, complain
from bot.config import BadSettings, load_settings


class Platform(StrEnum):
    """Where the bot is to live."""

    SLACK = "slack"
    TEAMS = "teams"


def manifest(
    platform: Annotated[Platform, typer.Argument(help="slack or teams")],
    out: Annotated[Path, typer.Argument(help="The file to write: JSON for Slack, a zip for Teams.")],
    url: Annotated[str, typer.Option("--url", help="Where this installation is reached, like https://mayi.example.com")],
) -> None:
    """Write the app manifest for this installation."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/"):
        complain("--url must be the public address of this installation, like https://mayi.example.com.", MISUSE)
    if platform is Platform.SLACK:
        out.write_text(json.dumps(slack_manifest(url), indent=2, ensure_ascii=False) + "\n", "utf-8")
    else:
        try:
            teams = load_settings().teams
        except BadSettings as error:
            complain(f"{error}.", MISUSE)
        if teams is None or teams.open:
            complain("Set MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId first; the Teams manifest names the app.", MISUSE)
        out.write_bytes(teams_package(url, teams.app_id))
    typer.echo(f"{out} is ready to upload.")

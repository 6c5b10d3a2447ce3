"""Settings from the environment, checked as a whole: half a platform is refused with a sentence that says what is missing."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.policy.load import PACKAGED

PLACEHOLDERS = frozenset(("none", "null", "changeme", "change-me", "placeholder", "your-signing-secret", "todo", "xxx", "secret", "test", "example"))
SHORTEST_SECRET = 16
LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
SLACK_API = "https://slack.com/api/"
OPENID_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
TOKEN_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"  # noqa: S105  an address
SERVICE_HOSTS = "smba.trafficmanager.net,smba.infra.gcc.teams.microsoft.com,smba.infra.gov.teams.microsoft.us"


class BadSettings(Exception):
    """The settings do not make a working bot; the message says what to set."""


class Environment(BaseSettings):
    """The variables as they are set; CONTRACT names them."""

    model_config = SettingsConfigDict(extra="ignore", case_sensitive=True)

    DATABASE_URL: str = "sqlite:///mayi.db"
    HOST: str = "127.0.0.1"
    PORT: str = "3978"
    POLICY_CONTENT: str = ""
    SLACK_BOT_TOKEN: str = ""
    SLACK_SIGNING_SECRET: str = ""
    SLACK_APP_TOKEN: str = ""
    SLACK_API_URL: str = ""
    app_id: str = Field("", alias="MicrosoftAppId")
    app_password: str = Field("", alias="MicrosoftAppPassword")
    app_tenant: str = Field("", alias="MicrosoftAppTenantId")
    TEAMS_OPENID_METADATA_URL: str = ""
    TEAMS_TOKEN_URL: str = ""
    TEAMS_SERVICE_HOSTS: str = ""
    TEAMS_ALLOW_UNAUTHENTICATED: str = ""
    LOG_LEVEL: str = "INFO"
    LOG_FORMAT: str = "text"


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """A Slack app, over HTTP (signing secrets) or Socket Mode (app token)."""

    bot_token: str
    signing_secrets: tuple[str, ...]
    app_token: str
    api_url: str


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """A single-tenant Teams bot; `open` stands for TEAMS_ALLOW_UNAUTHENTICATED."""

    app_id: str
    password: str
    tenant: str
    metadata_url: str
    token_url: str
    hosts: frozenset[str]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the bot runs on."""

    database_url: str
    host: str
    port: int
    content: Path
    slack: SlackSettings | None
    teams: TeamsSettings | None
    log_level: str
    log_json: bool


def load_settings(environment: Environment | None = None) -> Settings:
    """The settings in the environment.

    Errors   BadSettings, with one sentence that names the variable and the mend.
    """
    found = environment or Environment()  # type: ignore[call-arg]  # they come from the environment
    if not found.PORT.isdecimal() or not 0 <= int(found.PORT) <= 65535:
        raise BadSettings("PORT must be a number from 0 to 65535")
    if found.LOG_FORMAT not in ("text", "json"):
        raise BadSettings("LOG_FORMAT must be text or json")
    if found.LOG_LEVEL.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise BadSettings("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    return Settings(
        database_url=found.DATABASE_URL,
        host=found.HOST,
        port=int(found.PORT),
        content=Path(found.POLICY_CONTENT) if found.POLICY_CONTENT else PACKAGED,
        slack=slack_settings(found),
        teams=teams_settings(found),
        log_level=found.LOG_LEVEL.upper(),
        log_json=found.LOG_FORMAT == "json",
    )


def slack_settings(found: Environment) -> SlackSettings | None:
    """Slack's settings, None where Slack is not set up at all.

    Errors   BadSettings for half of them.
    """
    token, secret, app_token = found.SLACK_BOT_TOKEN.strip(), found.SLACK_SIGNING_SECRET.strip(), found.SLACK_APP_TOKEN.strip()
    named = [name for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL") if name in found.model_fields_set]
    if not named:
        return None
    if not usable(token) or not token.startswith("xox"):
        raise BadSettings("SLACK_BOT_TOKEN is missing or no bot token; set it to the xoxb-… token from your Slack app's OAuth page")
    if not secret and not app_token:
        raise BadSettings("SLACK_SIGNING_SECRET is missing; set it to the signing secret from your Slack app's Basic Information page")
    secrets = tuple(part.strip() for part in secret.split(",")) if secret else ()
    if any(not usable(part) or len(part) < SHORTEST_SECRET for part in secrets) or len(secrets) > 2:
        raise BadSettings(
            "SLACK_SIGNING_SECRET is too short or a placeholder; set it to the signing secret (while rotating: two, separated by a comma)"
        )
    if app_token and not app_token.startswith("xapp-"):
        raise BadSettings("SLACK_APP_TOKEN is no app-level token; set it to the xapp-… token, or remove it to use HTTP")
    url = found.SLACK_API_URL.strip() or SLACK_API
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in LOOPBACK:
        raise BadSettings("SLACK_API_URL must be https, or a loopback address in tests")
    return SlackSettings(token, secrets, app_token if not secrets else "", url if url.endswith("/") else url + "/")


def teams_settings(found: Environment) -> TeamsSettings | None:
    """Teams' settings, None where Teams is not set up at all.

    Errors   BadSettings for half of them, for ids that are none, and for an open gate where others could reach it.
    """
    parts = {
        "MicrosoftAppId": found.app_id.strip(),
        "MicrosoftAppPassword": found.app_password.strip(),
        "MicrosoftAppTenantId": found.app_tenant.strip(),
    }
    fields = {"MicrosoftAppId": "app_id", "MicrosoftAppPassword": "app_password", "MicrosoftAppTenantId": "app_tenant"}
    named = [name for name, field in fields.items() if field in found.model_fields_set]
    if found.TEAMS_ALLOW_UNAUTHENTICATED.strip() not in ("", "0"):
        return open_teams(found, bool(named))
    if not named:
        return None
    for name, value in parts.items():
        if not usable(value):
            raise BadSettings(
                f"{name} is missing or a placeholder; set MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId, or none of them"
            )
    for name in ("MicrosoftAppId", "MicrosoftAppTenantId"):
        if not is_guid(parts[name]):
            raise BadSettings(f"{name} must be the id from the Azure portal, like 1b4e28ba-2fa1-11d2-883f-b9a761bde3fb")
    for name, value in (("TEAMS_OPENID_METADATA_URL", found.TEAMS_OPENID_METADATA_URL), ("TEAMS_TOKEN_URL", found.TEAMS_TOKEN_URL)):
        if value and not loopback_url(value):
            raise BadSettings(f"{name} is a stand-in for tests and must be a loopback address; remove it to use Microsoft's")
    stand_ins = frozenset(host.strip().lower() for host in found.TEAMS_SERVICE_HOSTS.split(",") if host.strip())
    if any(not loopback_url(f"http://{host}") for host in stand_ins):
        raise BadSettings("TEAMS_SERVICE_HOSTS holds stand-ins for tests and must be loopback addresses; remove it to use Microsoft's")
    return TeamsSettings(
        parts["MicrosoftAppId"],
        parts["MicrosoftAppPassword"],
        parts["MicrosoftAppTenantId"],
        found.TEAMS_OPENID_METADATA_URL or OPENID_METADATA,
        found.TEAMS_TOKEN_URL or TOKEN_URL.format(tenant=parts["MicrosoftAppTenantId"]),
        stand_ins or frozenset(SERVICE_HOSTS.split(",")),
    )


def open_teams(found: Environment, named: bool) -> TeamsSettings:
    """Teams without tokens, for a local tool on this machine."""
    if found.TEAMS_ALLOW_UNAUTHENTICATED.strip() != "1":
        raise BadSettings("TEAMS_ALLOW_UNAUTHENTICATED must be 1 or not set")
    if named:
        raise BadSettings("TEAMS_ALLOW_UNAUTHENTICATED is for local tools only; remove it, or remove MicrosoftAppId and its companions")
    if found.HOST not in LOOPBACK:
        raise BadSettings("TEAMS_ALLOW_UNAUTHENTICATED needs HOST to be a loopback address such as 127.0.0.1")
    return TeamsSettings("", "", "local", "", "", LOOPBACK, open=True)


def usable(value: str) -> bool:
    """Whether a value is set and is no placeholder."""
    return bool(value) and value.lower().strip("<>\"' ") not in PLACEHOLDERS and value.isascii()


def is_guid(value: str) -> bool:
    """Whether a value is the id of something, and not the empty id."""
    try:
        return uuid.UUID(value).int != 0 and len(value) == 36
    except ValueError:
        return False


def loopback_url(url: str) -> bool:
    """Whether a URL points at this machine."""
    try:
        parts = urlsplit(url)
        return parts.hostname in LOOPBACK and parts.username is None
    except ValueError:
        return False

"""Keys and tokens in the formats of the common providers, all random."""

import base64
import json
import random
import string

from tests.secrets.registry import (
    ALNUM,
    B64,
    B64URL,
    DIGITS,
    HEX,
    LOWER,
    UPPER,
    UPPER_DIGITS,
    Gen,
    add,
    b62_crc,
    b64url,
    between,
    mixed,
    pick,
    prose,
    uuid,
)


def _aws_id(rng: random.Random) -> str:
    """AWS access key id."""
    return rng.choice(("AKIA", "AKIA", "ASIA")) + pick(rng, UPPER + "234567", 16)


def _aws_secret(rng: random.Random) -> str:
    """AWS secret access key, forty characters."""
    return mixed(rng, B64, 40)


def _github(prefix: str) -> Gen:
    """Return a generator of GitHub tokens with checksum."""

    def gen(rng: random.Random) -> str:
        """GitHub token."""
        body = mixed(rng, ALNUM, 30)
        return f"{prefix}_{body}{b62_crc(body)}"

    return gen


def _github_fine(rng: random.Random) -> str:
    """GitHub fine-grained token."""
    body = "11" + pick(rng, UPPER_DIGITS, 9) + "0" + pick(rng, ALNUM, 10)
    return f"github_pat_{body}_{mixed(rng, ALNUM, 59)}"


def _gitlab_routable(rng: random.Random) -> str:
    """GitLab routable personal access token."""
    payload = mixed(rng, B64URL, 36)
    return f"glpat-{payload}.01.{pick(rng, DIGITS + LOWER, 2)}{pick(rng, DIGITS + LOWER, 7)}"


def _token(prefix: str, alphabet: str, n: int, suffix: str = "") -> Gen:
    """Return a generator of prefix, n characters and suffix."""

    def gen(rng: random.Random) -> str:
        """Prefixed token."""
        wants_mix = all(any(test(c) for c in alphabet) for test in (str.isupper, str.islower, str.isdigit))
        return prefix + (mixed(rng, alphabet, n) if wants_mix else pick(rng, alphabet, n)) + suffix

    return gen


def _slack_bot(rng: random.Random) -> str:
    """Slack bot token."""
    return f"xoxb-{rng.randint(10**11, 10**13 - 1)}-{rng.randint(10**12, 10**13 - 1)}-{mixed(rng, ALNUM, 24)}"


def _slack_user(rng: random.Random) -> str:
    """Slack user token."""
    return f"xoxp-{rng.randint(10**11, 10**13 - 1)}-{rng.randint(10**11, 10**13 - 1)}-{rng.randint(10**12, 10**13 - 1)}-{pick(rng, HEX, 32)}"


def _slack_app(rng: random.Random) -> str:
    """Slack app-level token."""
    return f"xapp-1-A0{pick(rng, UPPER_DIGITS, 9)}-{rng.randint(10**12, 10**13 - 1)}-{pick(rng, HEX, 64)}"


def _slack_hook(rng: random.Random) -> str:
    """Slack incoming webhook."""
    return f"https://hooks.slack.com/services/T0{pick(rng, UPPER_DIGITS, 9)}/B0{pick(rng, UPPER_DIGITS, 9)}/{mixed(rng, ALNUM, 24)}"


def _stripe(prefix: str) -> Gen:
    """Return a generator of Stripe live keys."""

    def gen(rng: random.Random) -> str:
        """Stripe key, old short or current long form."""
        if rng.random() < 0.3:
            return f"{prefix}_live_{mixed(rng, ALNUM, 24)}"
        return f"{prefix}_live_51{mixed(rng, ALNUM, 97)}"

    return gen


def _openai(prefix: str) -> Gen:
    """Return a generator of OpenAI keys."""

    def gen(rng: random.Random) -> str:
        """OpenAI key with its fixed infix."""
        return f"{prefix}{mixed(rng, B64URL, 74)}T3Blbk" + f"FJ{mixed(rng, B64URL, 74)}"

    return gen


def _azure_storage(rng: random.Random) -> str:
    """Azure storage account key (88 characters)."""
    if rng.random() < 0.5:
        return mixed(rng, B64, 76) + "+ASt" + pick(rng, ALNUM, 5) + rng.choice("AQgw") + "=="
    return base64.b64encode(rng.randbytes(64)).decode()


def _azure_connection(rng: random.Random) -> str:
    """Azure storage connection string."""
    return f"DefaultEndpointsProtocol=https;AccountName=st{pick(rng, LOWER, 8)};AccountKey={_azure_storage(rng)};EndpointSuffix=core.windows.net"


def _azure_ad(rng: random.Random) -> str:
    """Azure AD (Entra) client secret."""
    return f"{mixed(rng, ALNUM, 3)}{rng.choice('78')}Q~{mixed(rng, ALNUM + '_~.-', 34)}"


def _azure_sas(rng: random.Random) -> str:
    """Azure blob URL with a SAS signature."""
    sig = base64.b64encode(rng.randbytes(32)).decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    box = pick(rng, LOWER, 7)
    until = f"2026-{rng.randint(1, 12):02d}-28T08%3A00%3A00Z"
    return f"https://{box}.blob.core.windows.net/export/report.csv?sv=2024-11-04&se={until}&sr=b&sp=r&sig={sig}"


def _groq(rng: random.Random) -> str:
    """Groq key."""
    return f"gsk_{mixed(rng, ALNUM, 20)}WGdyb3FY{mixed(rng, ALNUM, 24)}"


def hex_digits(n: int) -> Gen:
    """Return a generator of n hex digits, with letters and digits."""

    def gen(rng: random.Random) -> str:
        """Hex string."""
        while True:
            text = pick(rng, HEX, n)
            if any(c.isdigit() for c in text) and any(c.isalpha() for c in text):
                return text

    return gen


def _mailgun(rng: random.Random) -> str:
    """Mailgun key, old or current form."""
    if rng.random() < 0.5:
        return f"key-{pick(rng, HEX, 32)}"
    return f"{pick(rng, HEX, 32)}-{pick(rng, HEX, 8)}-{pick(rng, HEX, 8)}"


def _npm(rng: random.Random) -> str:
    """Granular npm token with checksum."""
    body = mixed(rng, ALNUM, 30)
    return f"npm_{body}{b62_crc(body)}"


def _telegram(rng: random.Random) -> str:
    """Telegram bot token."""
    return f"{rng.randint(10**9, 8 * 10**9)}:AA{rng.choice('EFGH')}{mixed(rng, B64URL, 32)}"


def _discord(rng: random.Random) -> str:
    """Discord bot token."""
    snowflake = str(rng.randint(10**18, 14 * 10**17))
    return f"{b64url(snowflake.encode())}.G{mixed(rng, ALNUM, 5)}.{mixed(rng, B64URL, 38)}"


def _square(rng: random.Random) -> str:
    """Square access token or OAuth secret."""
    if rng.random() < 0.5:
        return f"EAAA{rng.choice('lE')}{mixed(rng, B64URL, 59)}"
    return f"sq0csp-{mixed(rng, B64URL, 43)}"


def _notion_new(rng: random.Random) -> str:
    """Notion token, current form."""
    return f"ntn_{pick(rng, DIGITS, 11)}{mixed(rng, ALNUM, 35)}"


def _atlassian(rng: random.Random) -> str:
    """Atlassian API token (192 characters)."""
    return f"ATATT3xFfGF0{mixed(rng, B64URL, 171)}={pick(rng, '0123456789ABCDEF', 8)}"


def _vault(rng: random.Random) -> str:
    """Vault service token, short or long."""
    if rng.random() < 0.5:
        return f"hvs.{mixed(rng, ALNUM, 24)}"
    return f"hvs.CAESI{mixed(rng, B64URL, 90)}"


def _jwt(rng: random.Random) -> str:
    """Signed JSON web token."""
    head = {"alg": rng.choice(("HS256", "RS256")), "typ": "JWT"}
    claims = {"sub": str(rng.randint(10**6, 10**9)), "iat": rng.randint(1_700_000_000, 1_790_000_000), "scope": "read write"}
    size = 32 if head["alg"] == "HS256" else 256
    parts = [json.dumps(x, separators=(",", ":")).encode() for x in (head, claims)]
    return ".".join(b64url(x) for x in (*parts, rng.randbytes(size)))


add("aws_access_key_id", _aws_id)
add("aws_secret_key_bare", _aws_secret)
prose(
    "aws_secret_key",
    ("aws_secret_access_key = {}", "AWS_SECRET_ACCESS_KEY={}", "the AWS secret key is {}", '"SecretAccessKey": "{}"'),
    _aws_secret,
    r"[A-Za-z0-9+/]{40}",
)
add("github_classic", _github("ghp"))
add("github_fine_grained", _github_fine)
add("github_app", _github("ghs"))
add("github_oauth", _github("gho"))
add("github_user_to_server", _github("ghu"))
add("gitlab_pat", _token("glpat-", B64URL, 20))
add("gitlab_pat_routable", _gitlab_routable)
add("gitlab_deploy", _token("gldt-", B64URL, 20))
add("gitlab_runner", _token("glrt-", B64URL, 20))
add("slack_bot", _slack_bot)
add("slack_user", _slack_user)
add("slack_app", _slack_app)
add("slack_webhook", _slack_hook, between(r"/services/[^/]+/[^/]+/([A-Za-z0-9]{24})"))
add("stripe_secret", _stripe("sk"))
add("stripe_restricted", _stripe("rk"))
add("stripe_webhook_secret", _token("whsec_", ALNUM, 32))
add("openai_project", _openai("sk-proj-"))
add("openai_service_account", _openai("sk-svcacct-"))
add("anthropic_api", _token("sk-ant-api03-", B64URL, 93, "AA"))
add("google_api", _token("AIza" + "Sy", B64URL, 33))
add("google_oauth_secret", _token("GOCSPX-", B64URL, 28))
add("azure_storage_key", _azure_storage)
add("azure_storage_connection", _azure_connection, between(r"AccountKey=([^;]+)"))
add("azure_ad_secret", _azure_ad)
add("azure_sas", _azure_sas, between(r"sig=(.+)$"))
add("huggingface", _token("hf_", string.ascii_letters, 34))
add("groq", _groq)
add("xai", _token("xai-", ALNUM, 80))
add("replicate", _token("r8_", ALNUM, 37))
add("perplexity", _token("pplx-", ALNUM, 48))
prose(
    "cohere_prose",
    ("our Cohere API key is {}", "Cohere key: {}", "CO_API_KEY={}", "use {} as the Cohere api key", "Der API-Schlüssel für Cohere lautet {}"),
    _token("", ALNUM, 40),
)
add("twilio_api_key", _token("SK", HEX, 32))
prose("twilio_auth_prose", ("Twilio auth token: {}", "the Twilio auth token is {}", "TWILIO_AUTH_TOKEN={}"), hex_digits(32))
add("sendgrid", lambda rng: f"SG.{mixed(rng, B64URL, 22)}.{mixed(rng, B64URL, 43)}")
add("mailgun", _mailgun)
add("mailchimp", lambda rng: f"{pick(rng, HEX, 32)}-us{rng.randint(1, 22)}")
add("npm", _npm)
add("pypi", _token("pypi-AgEIcHlwaS5vcmc", B64URL, 160))
add("docker_hub", _token("dckr_pat_", B64URL, 27))
add("digitalocean", _token("dop_v1_", HEX, 64))
prose(
    "heroku_prose",
    ("the Heroku API key is {}", "HEROKU_API_KEY={}", "Heroku auth token: {}", "La clé API Heroku est {}", "Heroku API key {} still works"),
    uuid,
)
add("shopify", lambda rng: rng.choice(("shpat_", "shpss_", "shpca_")) + pick(rng, HEX, 32))
add("square", _square)
add("telegram_bot", _telegram)
add("discord_bot", _discord)
prose("datadog_prose", ("Datadog API key: {}", "the Datadog API key is {}", "DD_API_KEY={}", "DD-API-KEY: {}"), hex_digits(32))
prose("datadog_app_prose", ("Datadog application key: {}", "our Datadog app key is {}", "DD_APP_KEY={}"), hex_digits(40))
add("new_relic", _token("NRAK-", UPPER_DIGITS, 27))
add("linear", _token("lin_api_", ALNUM, 40))
add("notion_old", _token("secret_", ALNUM, 43))
add("notion", _notion_new)
add("atlassian", _atlassian)
add("databricks", lambda rng: f"dapi{pick(rng, HEX, 32)}{rng.choice(('', '-2', '-3'))}")
add("vault", _vault)
add("jwt", _jwt)

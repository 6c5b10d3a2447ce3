"""Keys, tokens and passwords in a text, told by their form.

Formats that detect-secrets knows are left to it (without its guesses by entropy, which flag ordinary words); the newer
ones, and those it only finds beside certain words, are here. Every repeat is bounded or over a class that cannot overlap
its neighbour, so each pattern is linear in the length of the text.
"""

import re
import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

Span = tuple[int, int, str]

PLUGINS = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector",
    "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "IbmCloudIamDetector", "JwtTokenDetector",
    "MailchimpDetector", "NpmDetector", "OpenAIDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector",
    "SoftlayerDetector", "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip

PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]{0,12000}(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?")
# A provider's own beginning, then enough of the alphabet it uses.
PREFIXED = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"sk-(?:proj-|ant-|svcacct-|or-|live-|test-|admin-|None-)?[A-Za-z0-9_\-]{20,250}"  # OpenAI, Anthropic, OpenRouter
    r"|(?:gsk|hf|npm|pscale_tkn|rubygems|sbp|figd|sntrys|ntn|r8|whsec|lin_api|lin_oauth|pul|dckr_pat|dckr_oat|vercel|fly)_[A-Za-z0-9_\-]{16,250}"
    r"|secret_[A-Za-z0-9]{40,60}"  # Notion, the older kind
    r"|(?:AIza|ya29\.|GOCSPX-|xai-|pplx-|tvly-|PMAK-|NRAK-|NRII-|NRJS-|pypi-|ATATT3x|ATCTT3x|ATBB|EAAA|sq0[a-z]{3}-|hv[sbr]\.|AGE-SECRET-KEY-)[A-Za-z0-9_\-=.]{16,260}"
    r"|gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas|ffct)-[A-Za-z0-9_\-.]{15,120}|github_pat_[A-Za-z0-9_]{20,120}|gh[pousr]_[A-Za-z0-9_]{20,260}"
    r"|xox[abcdeoprs]-[A-Za-z0-9\-.]{8,250}|xapp-[A-Za-z0-9\-]{8,200}|do[opr]_v1_[a-f0-9]{40,80}|shp(?:at|ss|ca|pa)_[a-fA-F0-9]{20,60}"
    r"|(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,200}|SG\.[A-Za-z0-9_\-]{10,80}\.[A-Za-z0-9_\-]{10,80}"
    r"|dapi[0-9a-f]{32}(?:-\d)?|SK[0-9a-f]{32}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}"
    r"|\d{8,10}:AA[A-Za-z0-9_\-]{30,40}|[MNO][A-Za-z0-9_\-]{22,28}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,60}"
    r"|eyJ[A-Za-z0-9_\-]{8,2000}\.[A-Za-z0-9_\-]{8,4000}\.?[A-Za-z0-9_\-]{0,2000}|[A-Za-z0-9_~.\-]{3}\dQ~[A-Za-z0-9_~.\-]{31,34}"
    r"|[A-Za-z0-9+/]{86}=="
    r")"
)
# Forty characters of base64 that stand alone: an AWS secret key. Capitals, small letters and digits must all be there.
FORTY = re.compile(r"(?<![A-Za-z0-9+/_.\-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_\-])")
WEBHOOK = re.compile(
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_\-]{20,120}|discord(?:app)?\.com/api/webhooks/\d{10,25}/[\w\-]{40,90}"
)
SIGNATURE = re.compile(r"(?<![A-Za-z0-9])sig=([A-Za-z0-9%+/=_\-]{20,120})")
HEADER = re.compile(r"\b(?:bearer|basic) {1,3}([A-Za-z0-9._~+/=\-]{16,2000})", re.I)
CONNECTION = re.compile(r"(?<![A-Za-z0-9])[a-z][a-z0-9+.\-]{1,20}://[^\s:/@]{0,100}:([^\s@/]{1,200})@[^\s]{1,200}", re.I)
# NAME_TOKEN=…, "apiKey": "…", password=… in a URL: a name that says what it holds, then the thing itself.
ASSIGNED = re.compile(
    r"(?:api.?key|access.?key|account.?key|secret.?key|secret|token|passw(?:or)?d|passphrase|(?<![A-Za-z])pass|pwd|_key)[A-Za-z0-9_]{0,20}"
    r"[\"']{0,2}\s{0,3}(?:=>|[:=])\s{0,3}[\"']{0,2}(?![A-Za-z_]{1,40}=[\"'])([^\s\"',;&<>]{6,300})",
    re.I,
)
# What stands where a secret would, and is none: a variable, a template's gap, asterisks.
PLACEHOLDER = re.compile(
    r"[$%]?\{|\$\(|\$[A-Z_]{3}|%[A-Z_]{1,40}%|\*{3}|\.{3}|x{4}|<|‹|os\.|process\.|env[.\[(]|getenv|config[.\[(]|your[_\-]|example|changeme|placeholder|redacted",
    re.I,
)

DRAWN = 16  # small letters in a row that are no word

_scanning = threading.Lock()


def keys(text: str) -> Iterator[Span]:
    """Where a key or token stands: start, end, kind."""
    if "-----" in text:
        for match in PRIVATE_KEY.finditer(text):
            yield (*match.span(), "private_key")
    for match in PREFIXED.finditer(text):
        if drawn(match.group()):
            yield (*match.span(), "secret")
    for match in FORTY.finditer(text):
        if mixed(match.group()):
            yield (*match.span(), "secret")
    for pattern in (WEBHOOK, SIGNATURE, HEADER):
        for match in pattern.finditer(text):
            if any(char.isdigit() for char in match.group()):
                yield (*match.span(), "secret")
    if "://" in text:
        for match in CONNECTION.finditer(text):
            if not PLACEHOLDER.match(match[1]):
                yield (*match.span(), "secret")
    for match in ASSIGNED.finditer(text):
        if strong(match[1]) and not PLACEHOLDER.match(match[1]):
            yield (*match.span(1), "secret")
    if any(char.isdigit() for char in text):
        yield from known_formats(text)


def drawn(text: str) -> bool:
    """Whether a machine has drawn this: not npm_config_and_other_words."""
    return any(char.isdigit() for char in text) or mixed_case(text) or max(map(len, re.split(r"[_\-.]", text))) >= DRAWN


def mixed(text: str) -> bool:
    """Whether capitals, small letters and digits are all there, as in what a machine has drawn."""
    return any(char.isdigit() for char in text) and mixed_case(text)


def mixed_case(text: str) -> bool:
    """Whether capitals and small letters are both there."""
    return any(char.isupper() for char in text) and any(char.islower() for char in text)


def strong(word: str) -> bool:
    """Whether this is no ordinary word: letters together with digits or with signs inside, or a long run."""
    word = word.strip(".!?)。*_`'\"")
    letters = any(char.isalpha() for char in word)
    return len(word) >= 4 and ((letters and any(not char.isalpha() for char in word)) or len(word) > 24)


def known_formats(text: str) -> Iterator[Span]:
    """Keys in the formats that detect-secrets knows."""
    for detector in detectors():
        for line in text.split("\n"):
            for value in detector(line):
                at = text.find(value)
                while value and at >= 0 and not PLACEHOLDER.match(value):
                    yield at, at + len(value), "secret"
                    at = text.find(value, at + len(value))


@cache
def detectors() -> tuple[Callable[[str], Iterator[str]], ...]:
    """The key formats of detect-secrets, each as a function of one line."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415  it reads its plugins from disk

    with _scanning:
        found: Any = get_mapping_from_secret_type_to_class()  # the library says nothing of its types
        classes = {plugin.__name__: plugin for plugin in found.values()}
        return tuple(classes[name]().analyze_string for name in PLUGINS if name in classes)

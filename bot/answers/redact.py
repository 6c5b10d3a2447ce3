"""Secrets and personal numbers in a text: which kinds, and the text without them.

Nothing that this module recognises is stored, logged or shown again. Known key formats come from detect-secrets
(without its guesses by entropy, which flag ordinary words); numbers count only when their check digits are right.
"""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.gb import nhs
from stdnum.us import ssn

from bot.answers.text import cleaned

PLUGINS = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector",
    "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "IbmCloudIamDetector", "JwtTokenDetector",
    "MailchimpDetector", "NpmDetector", "OpenAIDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector",
    "SoftlayerDetector", "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip

# Every repeat is bounded or over a class that cannot overlap its neighbour: linear in the length of the text.
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,8000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?")
OWN_KEYS = re.compile(
    r"\b(?:sk-(?:proj|ant|svcacct|or|live|test|admin)?-?[A-Za-z0-9_\-]{20,200}|gsk_[A-Za-z0-9]{20,200}|hf_[A-Za-z0-9]{20,200}"
    r"|AIza[0-9A-Za-z_\-]{30,60}|xai-[A-Za-z0-9]{20,200}|glpat-[A-Za-z0-9_\-]{15,60}|github_pat_[A-Za-z0-9_]{20,120}"
    r"|gh[pousr]_[A-Za-z0-9]{20,120}|xox[abeoprs]-[A-Za-z0-9\-]{8,200}|xapp-[A-Za-z0-9\-]{8,200}|dop_v1_[a-f0-9]{40,80}"
    r"|shpat_[a-fA-F0-9]{20,60}|(?:AKIA|ASIA)[0-9A-Z]{16}|r8_[A-Za-z0-9]{30,60}|pplx-[A-Za-z0-9]{20,80}"
    r"|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,120}|SG\.[A-Za-z0-9_\-]{10,80}\.[A-Za-z0-9_\-]{10,80}|ya29\.[A-Za-z0-9_\-]{20,200})"
)
CONNECTION = re.compile(r"\b[a-z][a-z0-9+.\-]{1,20}://[^\s:/@]{1,100}:[^\s@/]{1,200}@[^\s]{1,200}", re.I)
# "password: x", "the password is x", "api key = x": the word, a link, and something that is no ordinary word.
SAID = re.compile(
    r"\b(?:password|passwort|passphrase|passwd|pwd|secret|api[ _-]?key|access[ _-]?key|token|client[ _-]?secret|pin)\b"
    r"[\"']?\s{0,3}(?:is|are|was|:=|=>|=|:)\s{0,3}[\"']?([^\s\"',;]{4,200})",
    re.I,
)
DIGIT = re.compile(r"\d")
DIGITS = re.compile(r"(?<![\w.])\d(?:[ \-.]?\d){7,22}(?!\w)")
IBAN_GROUPS = re.compile(r"[A-Z]{2}\d{2}(?: \d{4}){3,7}")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}\b", re.I)

_scanning = threading.Lock()


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without what must not be kept, and the kinds that were taken out (keys of `redacted_kinds`)."""

    text: str
    kinds: tuple[str, ...]


# Which prohibited input each kind is an example of.
INPUT_OF_KIND = {
    "secret": "credentials",
    "private_key": "credentials",
    "card": "payment_card",
    "iban": "payment_card",
    "national_id": "government_id",
}


def redact(text: str) -> Redacted:
    """The text with secrets and personal numbers replaced by what kind they were, like ‹secret›."""
    text = cleaned(text)
    spans = sorted(found(text))
    if not spans:
        return Redacted(text, ())
    kept: list[str] = []
    kinds: list[str] = []
    at = 0
    for start, end, kind in spans:
        if end <= at:
            continue
        if start >= at:
            kept.append(text[at:start])
            kept.append(f"‹{kind}›")
        kinds.append(kind)
        at = end
    return Redacted("".join(kept) + text[at:], tuple(dict.fromkeys(kinds)))


def found(text: str) -> Iterator[tuple[int, int, str]]:
    """Where something secret stands: start, end, kind."""
    if "-----" in text:
        for match in PRIVATE_KEY.finditer(text):
            yield (*match.span(), "private_key")
    for match in OWN_KEYS.finditer(text):
        yield (*match.span(), "secret")
    if "://" in text:
        for match in CONNECTION.finditer(text):
            yield (*match.span(), "secret")
    for match in SAID.finditer(text):
        if looks_secret(match[1]):
            yield (*match.span(1), "secret")
    if DIGIT.search(text) is None:
        return
    for match in DIGITS.finditer(text):
        if kind := number_kind(match.group()):
            yield (*match.span(), kind)
    for match in IBAN.finditer(text):
        for end in range(match.end(), match.start() + 14, -1):
            if iban.is_valid(text[match.start() : end]):
                yield match.start(), end, "iban"
                break
        else:
            if IBAN_GROUPS.match(match.group()):  # written like one: a slip in a digit does not make it harmless
                yield (*match.span(), "iban")
    yield from known_keys(text)


def looks_secret(word: str) -> bool:
    """Whether a word after "password is" is one: it mixes letters with digits or signs, or is long."""
    word = word.strip(".!?)")
    return len(word) >= 4 and (len(word) > 20 or any(not char.isalpha() for char in word)) and not word.startswith("‹")


def number_kind(written: str) -> str | None:
    """What a run of digits is, judged by its check digits; None for an ordinary number."""
    digits = re.sub(r"\D", "", written)
    if 13 <= len(digits) <= 19 and digits[0] in "3456" and len(set(digits)) > 1 and luhn.is_valid(digits):
        return "card"
    if re.fullmatch(r"\d{3}-\d{2}-\d{4}", written) and ssn_shaped(written):
        return "national_id"
    if len(digits) == 11 and digits == written and idnr.is_valid(digits):
        return "national_id"
    if len(digits) == 10 and re.fullmatch(r"\d{3} \d{3} \d{4}", written) and nhs.is_valid(digits):
        return "national_id"
    return None


def ssn_shaped(written: str) -> bool:
    """Whether this could be a US social security number, well-known sample numbers included."""
    return ssn.is_valid(written) or written in ("078-05-1120", "123-45-6789", "219-09-9999", "457-55-5462")


def known_keys(text: str) -> Iterator[tuple[int, int, str]]:
    """Keys in the formats that detect-secrets knows."""
    for detector in detectors():
        for line in text.split("\n"):
            for value in detector(line):
                at = text.find(value)
                while value and at >= 0:
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

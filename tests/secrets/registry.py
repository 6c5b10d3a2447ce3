"""The registry of made-up secrets: generators by kind, and the part of each text that must never survive."""

import base64
import random
import re
import string
import zlib
from collections.abc import Callable, Sequence

Gen = Callable[[random.Random], str]
Part = Callable[[str], str]

DIGITS = string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase
LOWER = string.ascii_lowercase
ALNUM = string.ascii_letters + DIGITS
UPPER_DIGITS = UPPER + DIGITS
B62 = DIGITS + UPPER + LOWER
B64 = ALNUM + "+/"
B64URL = ALNUM + "-_"

KINDS: dict[str, Gen] = {}
SECRET_PART: dict[str, Part] = {}


def pick(rng: random.Random, alphabet: str, n: int) -> str:
    """Return n random characters of the alphabet."""
    return "".join(rng.choice(alphabet) for _ in range(n))


def mixed(rng: random.Random, alphabet: str, n: int) -> str:
    """Return n random characters that begin and end alphanumeric and hold upper case, lower case and digits."""
    while True:
        text = pick(rng, alphabet, n)
        if (
            text[0] in ALNUM
            and text[-1] in ALNUM
            and any(c.isupper() for c in text)
            and any(c.islower() for c in text)
            and any(c.isdigit() for c in text)
        ):
            return text


def b62_crc(body: str) -> str:
    """Return the six-character base62 CRC32 used at the end of GitHub and npm tokens."""
    value = zlib.crc32(body.encode())
    out = ""
    while value:
        value, rest = divmod(value, 62)
        out = B62[rest] + out
    return out.rjust(6, "0")


def uuid(rng: random.Random) -> str:
    """Return a random version 4 UUID."""
    return f"{pick(rng, HEX, 8)}-{pick(rng, HEX, 4)}-4{pick(rng, HEX, 3)}-{rng.choice('89ab')}{pick(rng, HEX, 3)}-{pick(rng, HEX, 12)}"


def b64url(data: bytes) -> str:
    """Return unpadded URL-safe base64."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def group(text: str, sizes: Sequence[int], sep: str) -> str:
    """Cut the text into groups of the given sizes and join them; the last size repeats."""
    parts: list[str] = []
    at, i = 0, 0
    while at < len(text):
        size = sizes[min(i, len(sizes) - 1)]
        parts.append(text[at : at + size])
        at += size
        i += 1
    return sep.join(parts)


def _whole(text: str) -> str:
    """Return the whole text: all of it is the secret."""
    return text


def between(pattern: str) -> Part:
    """Return an extractor giving group 1 of the pattern."""
    rx = re.compile(pattern, re.DOTALL)

    def part(text: str) -> str:
        """Return group 1 of the pattern in the text."""
        match = rx.search(text)
        if match is None:
            raise ValueError(f"no secret part in {text[:40]!r}")
        return match.group(1)

    return part


def add(kind: str, gen: Gen, part: Part = _whole) -> None:
    """Register a kind."""
    if kind in KINDS:
        raise ValueError(f"kind {kind} given twice")
    KINDS[kind] = gen
    SECRET_PART[kind] = part


def prose(kind: str, templates: Sequence[str], secret: Gen, shape: str = r"[!-~]+") -> None:
    """Register a kind whose secret stands in one of several wordings; `{}` marks its place."""
    patterns = [re.compile(re.escape(a) + f"({shape})" + re.escape(b)) for a, b in (t.split("{}") for t in sorted(templates, key=len, reverse=True))]

    def gen(rng: random.Random) -> str:
        """Return the secret in a random wording."""
        return rng.choice(templates).replace("{}", secret(rng))

    def part(text: str) -> str:
        """Return the secret without the wording."""
        for rx in patterns:
            match = rx.fullmatch(text)
            if match is not None:
                return match.group(1)
        raise ValueError(f"no wording fits {text[:40]!r}")

    add(kind, gen, part)

"""Secrets and personal numbers in a text: which kinds, and the text without them.

Nothing that is recognised here is stored, logged or shown again. Keys and numbers are told by their form (keys.py,
numbers.py); "the password is …" and "passport number …" by the words of every language there is, for people quote in
all of them. What is spread over lines, or written with %20 in a URL, is put together before it is looked at.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from bot.policy.language import Language
from bot.redaction.clean import cleaned
from bot.redaction.keys import PLACEHOLDER, Span, keys, mixed_case, strong
from bot.redaction.numbers import numbers

# What one line of a wrapped text begins with: spaces, and the marks of a quoted message.
LINE_END = re.compile(r"\n[ >|]{0,10}")
UNBROKEN = re.compile(r"[^\s<>\"'|]+")
ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
VALUE_TAIL = (
    r"(?: [\w\-]{1,15}){0,4}[\"'`*_]{0,3}(?:\s{0,3}(?:=>|:=|[:=])\s{0,3}|\s{0,2}(?:%s)\s{0,2}[:=]?\s{0,2})[\"'`*_]{0,3}([^\s\"'`,;<>]{4,200})"
)
# "pass X", "mot de passe en X": without "is" or ":" only what a password looks like.
BESIDE_TAIL = r"(?: \w{1,5})?[ \"'`*_]{1,4}([^\s\"'`,;<>]{8,200})"
NUMBER_TAIL = r"(?![A-Za-z])[^\d\n]{0,24}?(?<![A-Za-z])((?:[A-Z]{1,3}[ \-]?)?\d(?:[ .\-/]?[A-Z0-9]){4,17})"
DIGITS_OF_AN_ID = 5
WRAPPED = 30  # characters beside a line end that must hold a digit, for something to be broken there
AROUND = 400  # characters on each side that are looked at together
MOST_LINES = 60
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NAMED = re.compile(r"[/\\]|\.[A-Za-z]{2,5}$")  # a path, a file or a site: "Password_Policy_2024.pdf"
HYPHENS_OF_A_PASSPHRASE = 3
UNSPACED = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


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


class Redaction:
    """Takes secrets out of texts. `languages` lend the words that announce one."""

    def __init__(self, languages: Iterable[Language]) -> None:
        every = tuple(languages)
        links = alternatives(every, "secret_links")
        self._said = re.compile(rf"(?<![A-Za-z0-9])(?:{alternatives(every, 'secret_words')}){VALUE_TAIL % links}", re.I)
        self._beside = re.compile(rf"(?<![A-Za-z0-9])(?:{alternatives(every, 'secret_words')}){BESIDE_TAIL}", re.I)
        self._number = re.compile(rf"(?<![A-Za-z0-9])(?:{alternatives(every, 'id_number_words')}){NUMBER_TAIL}", re.I)

    def redact(self, text: str) -> Redacted:
        """The text with secrets and personal numbers replaced by what kind they were, like ‹secret›."""
        text = cleaned(text)
        spans = sorted({*self.found(text), *self._across_lines(text), *self._escaped(text)})
        if not spans:
            return Redacted(text, ())
        kept: list[str] = []
        kinds: list[str] = []
        at = 0
        for start, end, kind in spans:
            if end <= at:
                continue
            if start >= at:
                kept += (text[at:start], f"‹{kind}›")
            kinds.append(kind)
            at = end
        rest = self.redact("".join(kept) + text[at:])  # one match may have hidden the next
        return Redacted(rest.text, tuple(dict.fromkeys((*kinds, *rest.kinds))))

    def found(self, text: str) -> Iterator[Span]:
        """Where something secret stands: start, end, kind."""
        yield from keys(text)
        for match in self._said.finditer(text):
            value = UNSPACED.split(match[1], maxsplit=1)[0]  # 「パスワードはTanaka1234です」: the sentence goes on without a space
            before = match.group()[: match.start(1) - match.start()]
            if strong(value) and telling(value, before + value) and not PLACEHOLDER.match(value):
                yield match.start(1), match.start(1) + len(value), "secret"
        for match in self._beside.finditer(text):
            value = UNSPACED.split(match[1], maxsplit=1)[0].rstrip(".!?)")
            if looks_drawn(value) and not PLACEHOLDER.match(value):
                yield match.start(1), match.start(1) + len(value), "secret"
        yield from numbers(text)
        for match in self._number.finditer(text):
            if sum(char.isdigit() for char in match[1]) >= DIGITS_OF_AN_ID:
                yield (*match.span(1), "national_id")

    def _across_lines(self, text: str) -> Iterator[Span]:
        """What is only whole when a line is put together with the next, or all lines are."""
        ends = list(LINE_END.finditer(text)) if "\n" in text else []
        if not ends:
            return
        yield from self._joined(text, 0, len(text), ends)
        broken = [end for end in ends if any(char.isdigit() for char in text[max(0, end.start() - WRAPPED) : end.end() + WRAPPED])]
        for end in broken[:MOST_LINES]:
            yield from self._joined(text, max(0, end.start() - AROUND), min(len(text), end.end() + AROUND), [end])

    def _joined(self, text: str, begin: int, finish: int, ends: list[re.Match[str]]) -> Iterator[Span]:
        """What is found in a part of the text without these line ends, and reaches across one."""
        places: list[int] = []
        at = begin
        for end in ends:
            places.extend(range(at, end.start()))
            at = end.end()
        places.extend(range(at, finish))
        for first, last, kind in self.found("".join(text[place] for place in places)):
            start, stop = places[first], places[last - 1] + 1
            if "\n" in text[start:stop]:
                yield start, stop, kind

    def _escaped(self, text: str) -> Iterator[Span]:
        """What stands in a URL with its signs escaped; all of the URL is taken out."""
        if "%" not in text:
            return
        for match in UNBROKEN.finditer(text):
            if ESCAPED.search(match.group()):
                for _, _, kind in self.found(unquote(match.group())):
                    yield (*match.span(), kind)


def telling(value: str, whole: str) -> bool:
    """Whether a value is a secret's: after "=" or ":" anything strong, after "is" only what no sentence goes on with."""
    link = whole[: len(whole) - len(value)].rstrip(" \"'`*_")
    if link.endswith(("=", ":", ">")):
        return True
    inside = value.strip(".!?)*_`'\"")
    return len(inside) >= 6 and any(char.isdigit() for char in inside) and any(char.isalpha() for char in inside)


def looks_drawn(value: str) -> bool:
    """Whether a word looks like a password by itself: letters, digits, and signs or both cases or several hyphens; or a UUID."""
    if UUID.fullmatch(value):
        return True
    if not any(char.isdigit() for char in value) or not any(char.isalpha() for char in value) or NAMED.search(value):
        return False
    return mixed_case(value) or any(char in "!@#$%&*?=^~" for char in value) or value.count("-") >= HYPHENS_OF_A_PASSPHRASE


def alternatives(languages: tuple[Language, ...], key: str) -> str:
    """The words of a list in every language as one choice, the longest first; a choice of nothing where there are none."""
    words = sorted({cleaned(word).lower() for language in languages for word in language.words[key]}, key=lambda word: (-len(word), word))
    return "|".join(r"[ _\-]?".join(re.escape(part) for part in word.split()) for word in words) or "(?!)"

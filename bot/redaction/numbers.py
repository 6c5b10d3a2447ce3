"""Payment cards, bank accounts and identity numbers in a text, told by their check digits.

A number without a check digit, or one that could be anything, counts only behind a word that names it: that is the
language's part (`id_number_words`, see redact.py).
"""

import re
from collections.abc import Callable, Iterator

from stdnum import iban, luhn, verhoeff
from stdnum.br import cpf
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.it import codicefiscale
from stdnum.us import ssn

from bot.redaction.keys import Span

DIGIT = re.compile(r"\d")
LATIN = re.compile(r"[A-Za-z0-9]")
DIGITS = re.compile(r"(?<![A-Za-z0-9.+])\d(?:[ \-.]?\d){7,22}(?![A-Za-z0-9])")
IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}", re.I)
IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}", re.I)
IBAN_GROUPS = re.compile(r"[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){3,7}")
# Numbers with a letter in them, whose check character decides; UK national insurance numbers have none.
LETTERED: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(r"(?<![A-Za-z0-9])\d{8}[ -]?[A-Z](?![A-Za-z0-9])"), dni.is_valid),
    (re.compile(r"(?<![A-Za-z0-9])[XYZ][ -]?\d{7}[ -]?[A-Z](?![A-Za-z0-9])"), nie.is_valid),
    (re.compile(r"(?<![A-Za-z0-9])[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z](?![A-Za-z0-9])"), codicefiscale.is_valid),
    (re.compile(r"(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])"), lambda number: True),
    (re.compile(r"(?<![A-Za-z0-9])[12]\d{4}2[AB]\d{6}\d{2}(?![A-Za-z0-9])"), nir.is_valid),
)
SAMPLE_SSN = ("078-05-1120", "123-45-6789", "219-09-9999", "457-55-5462")
MOST_TRIED = 40  # letters and digits an IBAN may be cut out of


def numbers(text: str) -> Iterator[Span]:
    """Where a number that names a person or an account stands: start, end, kind."""
    if DIGIT.search(text) is None:
        return
    for match in DIGITS.finditer(text):
        if kind := number_kind(match.group()):
            yield (*match.span(), kind)
    for begin in IBAN_START.finditer(text):
        if whole := IBAN.match(text, begin.start()):
            yield from bank_account(text, *whole.span())
    for pattern, valid in LETTERED:
        for match in pattern.finditer(text):
            if valid(match.group()):
                yield (*match.span(), "national_id")


def bank_account(text: str, start: int, end: int) -> Iterator[Span]:
    """The IBAN that begins here, as long as its check digits say."""
    for last in range(min(end, start + MOST_TRIED), start + 14, -1):
        if not LATIN.match(text, last) and iban.is_valid(text[start:last]):
            yield start, last, "iban"
            return
    if IBAN_GROUPS.match(text[start:end]):  # written like one: a slip in a digit does not make it harmless
        yield start, end, "iban"


def number_kind(written: str) -> str | None:
    """What a run of digits is, judged by its check digits; None for an ordinary number."""
    digits = re.sub(r"\D", "", written)
    if 13 <= len(digits) <= 19 and digits[0] in "3456" and len(set(digits)) > 1 and luhn.is_valid(digits) and card_shaped(written):
        return "card"
    if 13 <= len(digits) <= 19 and digits[0] == "2" and 2221 <= int(digits[:4]) <= 2720 and luhn.is_valid(digits) and card_shaped(written):
        return "card"
    if re.fullmatch(r"\d{3}-\d{2}-\d{4}", written) and (ssn.is_valid(written) or written in SAMPLE_SSN):
        return "national_id"
    if len(digits) == 11 and re.fullmatch(r"\d{11}|\d{2} \d{3} \d{3} \d{3}", written) and idnr.is_valid(digits):
        return "national_id"
    if re.fullmatch(r"\d{3}\.\d{3}\.\d{3}-\d{2}", written) and cpf.is_valid(digits):
        return "national_id"
    if len(digits) == 15 and digits[0] in "12" and nir.is_valid(digits):
        return "national_id"
    if re.fullmatch(r"\d{4} \d{4} \d{4}", written) and digits[0] not in "01" and verhoeff.is_valid(digits):
        return "national_id"
    if len(digits) == 10 and re.fullmatch(r"\d{3} \d{3} \d{4}", written) and nhs.is_valid(digits):
        return "national_id"
    return None


def card_shaped(written: str) -> bool:
    """Whether the groups are those of a card: none at all, or of four to seven digits."""
    groups = re.split(r"[ \-.]", written)
    return len(groups) == 1 or all(len(group) >= 3 for group in groups)

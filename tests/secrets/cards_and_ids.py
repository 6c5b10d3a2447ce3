"""Payment cards, bank accounts and national identity numbers with right check digits, all random."""

import random
from collections.abc import Callable, Sequence

from tests.secrets.check_digits import (
    cpf_digits,
    dni_letter,
    fiscal_letter,
    iban_check,
    luhn_digit,
    mod11_10_digit,
    my_number_digit,
    nif_digit,
    verhoeff_digit,
)
from tests.secrets.registry import DIGITS, UPPER, Gen, add, group, pick, prose


def _card(prefix: Callable[[random.Random], str], length: int, sizes: Sequence[int], sep: str) -> Gen:
    """Return a generator of card numbers in one style."""

    def gen(rng: random.Random) -> str:
        """Card number with a right Luhn digit."""
        start = prefix(rng)
        body = start + pick(rng, DIGITS, length - 1 - len(start))
        number = body + luhn_digit(body)
        return group(number, sizes, sep) if sep else number

    return gen


def _mastercard_prefix(rng: random.Random) -> str:
    """Mastercard prefix of either range."""
    return str(rng.randint(51, 55)) if rng.random() < 0.6 else str(rng.randint(2221, 2720))


_CARDS: dict[str, tuple[Callable[[random.Random], str], int, tuple[int, ...]]] = {
    "visa": (lambda rng: "4" + rng.choice("012345679"), 16, (4,)),
    "mastercard": (_mastercard_prefix, 16, (4,)),
    "amex": (lambda rng: rng.choice(("34", "37")), 15, (4, 6, 5)),
    "discover": (lambda rng: rng.choice(("6011", "65", "644", "647", "649")), 16, (4,)),
    "jcb": (lambda rng: str(rng.randint(3528, 3589)), 16, (4,)),
}
for _brand, (_prefix, _length, _sizes) in _CARDS.items():
    for _style, _sep in (("plain", ""), ("spaced", " "), ("dashed", "-")):
        add(f"card_{_brand}_{_style}", _card(_prefix, _length, _sizes, _sep))


def _bban_de(rng: random.Random) -> str:
    """German bank code and account."""
    return rng.choice(("37040044", "10050000", "70150000", "50010517", "20041133")) + pick(rng, DIGITS, 10)


def _bban_fr(rng: random.Random) -> str:
    """French bank, branch, account and RIB key."""
    bank, branch = rng.choice(("30004", "20041", "30003", "10278")), pick(rng, DIGITS, 5)
    account = pick(rng, DIGITS, 11)
    if rng.random() < 0.3:
        account = account[:7] + rng.choice(UPPER) + account[8:]
    digits = "".join(c if c.isdigit() else str("ABCDEFGHIJKLMNOPQR?STUVWXYZ".index(c) % 9 + 1) for c in account)
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(digits)) % 97
    return f"{bank}{branch}{account}{key:02d}"


def es_control(digits: str) -> str:
    """Return one Spanish account control digit of ten digits."""
    rest = 11 - sum(int(c) * w for c, w in zip(digits, (1, 2, 4, 8, 5, 10, 9, 7, 3, 6), strict=True)) % 11
    return {10: "1", 11: "0"}.get(rest, str(rest))


def _bban_es(rng: random.Random) -> str:
    """Spanish bank, branch, control digits and account."""
    bank, account = rng.choice(("2100", "0049", "0182", "2080")) + pick(rng, DIGITS, 4), pick(rng, DIGITS, 10)
    return f"{bank}{es_control('00' + bank)}{es_control(account)}{account}"


def _bban_gb(rng: random.Random) -> str:
    """British bank, sort code and account."""
    return rng.choice(("NWBK", "BARC", "HBUK", "LOYD", "MIDL")) + pick(rng, DIGITS, 14)


def _bban_pt(rng: random.Random) -> str:
    """Portuguese NIB."""
    body = rng.choice(("0002", "0033", "0035", "0010")) + pick(rng, DIGITS, 15)
    return f"{body}{98 - int(body + '00') % 97:02d}"


def _bban_nl(rng: random.Random) -> str:
    """Dutch bank and account that passes the eleven test."""
    while True:
        account = "0" + pick(rng, "123456789", 1) + pick(rng, DIGITS, 8)
        if sum(int(c) * (10 - i) for i, c in enumerate(account)) % 11 == 0:
            return rng.choice(("ABNA", "INGB", "RABO", "BUNQ")) + account


def _iban(country: str, bban: Gen, grouped: bool) -> Gen:
    """Return a generator of IBANs."""

    def gen(rng: random.Random) -> str:
        """IBAN, plain or in groups of four."""
        body = bban(rng)
        text = country + iban_check(country, body) + body
        return group(text, [4], " ") if grouped else text

    return gen


for _country, _bban in (("DE", _bban_de), ("FR", _bban_fr), ("ES", _bban_es), ("GB", _bban_gb), ("PT", _bban_pt), ("NL", _bban_nl)):
    add(f"iban_{_country.lower()}_plain", _iban(_country, _bban, False))
    add(f"iban_{_country.lower()}_grouped", _iban(_country, _bban, True))


def _ssn(rng: random.Random) -> str:
    """US social security number."""
    area = rng.choice([n for n in range(1, 900) if n != 666])
    return f"{area:03d}-{rng.randint(1, 99):02d}-{rng.randint(1, 9999):04d}"


def _de_tax(rng: random.Random) -> str:
    """German tax id: in the first ten digits one digit stands twice, one is missing."""
    while True:
        used = rng.sample(DIGITS, 9)
        digits = [*used, rng.choice(used)]
        rng.shuffle(digits)
        if digits[0] != "0":
            body = "".join(digits)
            return body + mod11_10_digit(body)


def _dni(rng: random.Random) -> str:
    """Spanish DNI."""
    number = rng.randint(1_000_000, 99_999_999)
    return f"{number:08d}{rng.choice(('', '', '-'))}{dni_letter(number)}"


def _nie(rng: random.Random) -> str:
    """Spanish NIE."""
    lead, number = rng.randrange(3), rng.randint(0, 9_999_999)
    sep = rng.choice(("", "", "-"))
    return f"{'XYZ'[lead]}{sep}{number:07d}{sep}{dni_letter(lead * 10**7 + number)}"


def _nir(rng: random.Random) -> str:
    """French NIR with its key, thirteen digits and two."""
    dept = rng.choice([n for n in range(1, 96) if n != 20])
    body = f"{rng.choice('12')}{rng.randint(0, 99):02d}{rng.randint(1, 12):02d}{dept:02d}{rng.randint(1, 900):03d}{rng.randint(1, 999):03d}"
    return f"{body}{97 - int(body) % 97:02d}"


def _cpf(rng: random.Random) -> str:
    """Brazilian CPF, eleven digits."""
    while True:
        body = pick(rng, DIGITS, 9)
        if len(set(body)) > 1:
            return body + cpf_digits(body)


def _cpf_format(text: str) -> str:
    """Write a CPF with its punctuation."""
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def _nif(rng: random.Random) -> str:
    """Portuguese NIF."""
    body = rng.choice("123") + pick(rng, DIGITS, 7)
    text = body + nif_digit(body)
    return group(text, [3], " ") if rng.random() < 0.3 else text


def _nino(rng: random.Random) -> str:
    """UK national insurance number, plain or grouped."""
    while True:
        prefix = rng.choice("ABCEGHJKLMNOPRSTWXYZ") + rng.choice("ABCEGHJKLMNPRSTWXYZ")
        if prefix not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ"):
            break
    text = prefix + pick(rng, DIGITS, 6) + rng.choice("ABCD")
    return group(text, [2], " ") if rng.random() < 0.5 else text


def _fiscal(rng: random.Random) -> str:
    """Italian codice fiscale."""
    consonants = "BCDFGLMNPRSTVZ"
    day = rng.randint(1, 28) + rng.choice((0, 40))
    body = f"{pick(rng, consonants, 6)}{rng.randint(0, 99):02d}{rng.choice('ABCDEHLMPRST')}{day:02d}"
    body += f"{rng.choice('ABCDEFGHIL')}{rng.randint(1, 999):03d}"
    return body + fiscal_letter(body)


def _my_number(rng: random.Random) -> str:
    """Japanese My Number."""
    body = pick(rng, DIGITS, 11)
    text = body + my_number_digit(body)
    return group(text, [4], rng.choice((" ", "-"))) if rng.random() < 0.5 else text


def _aadhaar(rng: random.Random) -> str:
    """Indian Aadhaar number."""
    body = rng.choice("23456789") + pick(rng, DIGITS, 10)
    text = body + verhoeff_digit(body)
    return group(text, [4], " ") if rng.random() < 0.6 else text


def _passport(rng: random.Random) -> str:
    """Passport number: German, US, British, French or Spanish shape."""
    style = rng.randrange(5)
    if style == 0:
        return rng.choice("CFGHJK") + pick(rng, "0123456789CFGHJKLMNPRTVWXYZ", 7) + rng.choice(DIGITS)
    if style == 1:
        return rng.choice("ABCXYZ") + pick(rng, DIGITS, 8)
    if style == 2:
        return rng.choice("123456789") + pick(rng, DIGITS, 8)
    if style == 3:
        return f"{rng.randint(10, 24)}{pick(rng, UPPER, 2)}{pick(rng, DIGITS, 5)}"
    return pick(rng, UPPER, 3) + pick(rng, DIGITS, 6)


_GROUPED = r"[0-9](?:[0-9 -]*[0-9])?"
add("us_ssn", _ssn)
add("de_tax_id_bare", _de_tax)
add("de_tax_id_grouped", lambda rng: group(_de_tax(rng), [2, 3], " "))
prose("de_tax_id_word", ("Meine Steuer-ID ist {}", "Steueridentifikationsnummer: {}", "IdNr. {}", "German tax ID {}"), _de_tax)
add("es_dni", _dni)
add("es_nie", _nie)
add("fr_nir", _nir)
add("fr_nir_grouped", lambda rng: group(_nir(rng), [1, 2, 2, 2, 3, 3, 2], " "))
add("br_cpf_formatted", lambda rng: _cpf_format(_cpf(rng)))
prose("br_cpf_word", ("meu CPF é {}", "CPF: {}", "o CPF do cliente é {}", "CPF {} já cadastrado"), _cpf)
prose("pt_nif_word", ("o meu NIF é {}", "NIF: {}", "contribuinte n.º {}", "número de contribuinte {}", "NIF {} para a fatura"), _nif, _GROUPED)
add("uk_nino", _nino)
add("it_codice_fiscale", _fiscal)
prose(
    "jp_my_number_word",
    ("マイナンバーは{}です", "マイナンバー: {}", "個人番号は {} です", "私のマイナンバー{}を登録してください"),
    _my_number,
    _GROUPED,
)
prose("in_aadhaar_word", ("my Aadhaar number is {}", "Aadhaar: {}", "Aadhaar no. {}", "aadhaar card {} attached"), _aadhaar, _GROUPED)
prose(
    "passport_word",
    (
        "my passport number is {}",
        "Passport no. {}",
        "passport: {}",
        "Meine Reisepassnummer lautet {}",
        "numéro de passeport : {}",
        "número de pasaporte {}",
        "o número do passaporte é {}",
        "パスポート番号は{}です",
    ),
    _passport,
    r"[A-Z0-9]+",
)

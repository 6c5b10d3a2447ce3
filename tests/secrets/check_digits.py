"""Check digits of the numbers that have them."""

from tests.secrets.registry import DIGITS, UPPER


def luhn_digit(body: str) -> str:
    """Return the Luhn check digit of a digit string."""
    total = 0
    for i, char in enumerate(reversed(body)):
        value = int(char) * (2 if i % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def iban_check(country: str, bban: str) -> str:
    """Return the two IBAN check digits (ISO 7064 mod 97-10)."""
    number = "".join(str(int(c, 36)) for c in bban + country + "00")
    return f"{98 - int(number) % 97:02d}"


def mod11_10_digit(body: str) -> str:
    """Return the ISO 7064 mod 11,10 check digit (German tax id)."""
    product = 10
    for char in body:
        total = (int(char) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


_VERHOEFF_D = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_VERHOEFF_P = ("0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258")


def verhoeff_state(number: str) -> int:
    """Return the Verhoeff state of a number with its check digit; 0 is right."""
    state = 0
    for i, char in enumerate(reversed(number)):
        state = int(_VERHOEFF_D[state][int(_VERHOEFF_P[i % 8][int(char)])])
    return state


def verhoeff_digit(body: str) -> str:
    """Return the Verhoeff check digit."""
    return next(d for d in DIGITS if verhoeff_state(body + d) == 0)


def cpf_digits(body: str) -> str:
    """Return the two check digits of a nine-digit CPF body."""
    out = body
    for _ in range(2):
        total = sum(int(c) * w for c, w in zip(out, range(len(out) + 1, 1, -1), strict=True))
        out += str(total * 10 % 11 % 10)
    return out[-2:]


def nif_digit(body: str) -> str:
    """Return the check digit of an eight-digit Portuguese NIF body."""
    rest = 11 - sum(int(c) * w for c, w in zip(body, range(9, 1, -1), strict=True)) % 11
    return "0" if rest >= 10 else str(rest)


def my_number_digit(body: str) -> str:
    """Return the check digit of an eleven-digit My Number body."""
    total = sum(int(c) * (n + 1 if n <= 6 else n - 5) for n, c in enumerate(reversed(body), start=1))
    rest = total % 11
    return "0" if rest <= 1 else str(11 - rest)


_FISCAL_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def fiscal_letter(body: str) -> str:
    """Return the check letter of a fifteen-character codice fiscale body."""
    total = 0
    for i, char in enumerate(body):
        value = int(char) if char.isdigit() else ord(char) - 65
        total += _FISCAL_ODD[value] if i % 2 == 0 else value
    return UPPER[total % 26]


def dni_letter(number: int) -> str:
    """Return the check letter of a Spanish DNI or NIE number."""
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]


def crc24(data: bytes) -> int:
    """Return the OpenPGP armour checksum."""
    crc = 0xB704CE
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return crc & 0xFFFFFF

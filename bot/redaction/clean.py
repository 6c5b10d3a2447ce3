"""A text in the one form in which everything is compared: what looks alike is alike, what cannot be seen is gone."""

import unicodedata

APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})


def cleaned(text: str) -> str:
    """The text as one comparable form, line ends kept: compatibility forms folded, invisible characters gone."""
    folded = unicodedata.normalize("NFKC", text).translate(APOSTROPHES)
    if folded.isprintable():
        return folded
    return "".join(char for char in folded if char == "\n" or char == "\t" or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cn"))

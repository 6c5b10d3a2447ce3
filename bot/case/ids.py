"""Ids that people read aloud and copy: a prefix and random signs without look-alikes."""

import secrets

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U
LENGTH = 8  # 30^8: a million receipts meet by chance once in a million tries


def new_id(prefix: str) -> str:
    """A new id like RCP-7K3M9QXA."""
    return f"{prefix}-" + "".join(secrets.choice(SIGNS) for _ in range(LENGTH))

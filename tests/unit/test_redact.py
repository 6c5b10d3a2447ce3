"""Secrets and personal numbers: recognised by kind, replaced, and ordinary words left alone (R36, S67)."""

import pytest

from bot.policy.load import PACKAGED, load_content
from bot.redaction.redact import Redaction

redact = Redaction(load_content(PACKAGED).languages).redact

SECRETS = [
    ("my key is AKIAIOSFODNN7EXAMPLE ok?", "secret", "AKIAIOSFODNN7EXAMPLE"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a in chatgpt", "secret", "ghp_16C7"),
    ("github_pat_11ABCDEFG0abcdefghijklm_nopqrstuvwxyz0123456789", "secret", "github_pat"),
    ("use sk-proj-abcdEFGH1234abcdEFGH1234xyz please", "secret", "sk-proj"),
    ("sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789", "secret", "sk-ant"),
    ("xoxb-123456789012-abcdefABCDEF in claude", "secret", "xoxb-"),
    ("AIzaSyA1234567890abcdefghijklmnopqrstuv", "secret", "AIza"),
    ("glpat-abcdefghijklmnopqrst", "secret", "glpat"),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "secret", "sk_live"),
    ("postgres://ann:s3cr3tpw@db.example.com/app", "secret", "s3cr3tpw"),
    ("password: hunter2", "secret", "hunter2"),
    ("the password is Tr0ub4dor&3", "secret", "Tr0ub4dor"),
    ("api_key = 'abcd1234efgh'", "secret", "abcd1234"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "private_key", "MIIEow"),
    ("card 4111 1111 1111 1111", "card", "4111"),
    ("5500-0000-0000-0004", "card", "5500"),
    ("IBAN DE89 3704 0044 0532 0130 00", "iban", "3704"),
    ("GB82WEST12345698765432", "iban", "WEST"),
    ("ssn 078-05-1120", "national_id", "078-05"),
    ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "secret", "eyJ"),
    ("pass\u200bword: hunt\u200ber2x", "secret", "hunter2x"),
]


@pytest.mark.parametrize(("text", "kind", "trace"), SECRETS, ids=[text[:30] for text, _, _ in SECRETS])
def test_a_secret_is_replaced_by_its_kind(text: str, kind: str, trace: str) -> None:
    """The kind is told; nothing of the secret is left, zero-width characters or not."""
    redacted = redact(text)

    assert kind in redacted.kinds
    assert trace not in redacted.text
    assert f"‹{kind}›" in redacted.text


HARMLESS = [
    "can I paste the password policy into ChatGPT?",
    "is the api key rotation guide public?",
    "we have 12345678 customers and 4 tokens",
    "call 030 1234567 about invoice 2026-0042-17",
    "token: is needed?",
    "order number 1234567890123",
    "the secret is out that we use Claude",
    "version 3.11.7 from 2026-11-21",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_words_stay(text: str) -> None:
    """Naming a kind of secret is not pasting one."""
    assert redact(text).kinds == ()

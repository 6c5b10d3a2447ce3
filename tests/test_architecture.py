"""The house itself: silence at import, one place for each platform's JSON, file sizes, safe loading, linear patterns."""

import ast
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.policy.load import Content
from bot.understanding.understand import Understanding
from bot.understanding.words.text import MAX_CHARACTERS
from bot.understanding.words.vocabulary import vocabulary_of

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for folder in ("bot", "adapters", "store") for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
MODULES = [str(path.relative_to(ROOT).with_suffix("")).replace("/", ".").removesuffix(".__init__") for path in SOURCES]


def test_importing_does_nothing() -> None:
    """Every module imports with an empty environment and no network."""
    names = [name for name in MODULES if name != "bot.__main__"]
    code = (
        "import socket, warnings\nwarnings.simplefilter('ignore')\n"
        "def refuse(*a, **k): raise AssertionError('network at import')\n"
        "socket.socket.connect = refuse\nsocket.create_connection = refuse\n" + "\n".join(f"import {name}" for name in names)
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_thing(path: Path) -> None:
    """Files stay near 300 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= 340


def test_platform_json_is_made_in_one_place_each() -> None:
    """Only the two renderers write a message's "type"; the stand-ins play the platforms themselves."""
    allowed = {"adapters/slack/render.py", "adapters/teams/render.py"}
    guilty = []
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        if name in allowed or name.startswith("adapters/playground/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict) and any(isinstance(key, ast.Constant) and key.value == "type" for key in node.keys):
                guilty.append(f"{name}:{node.lineno}")
    assert guilty == []


def test_nothing_stored_or_received_is_executed() -> None:
    """S85: no pickle, eval, exec, unsafe YAML or jsonpickle in our own code."""
    forbidden = re.compile(r"\b(?:pickle|marshal|shelve|jsonpickle|dill)\b|\beval\(|\bexec\(|yaml\.(?:load|unsafe_load|full_load)\(")
    guilty = [f"{path.relative_to(ROOT)}: {line}" for path in SOURCES for line in path.read_text("utf-8").splitlines() if forbidden.search(line)]

    assert guilty == []


def test_no_setting_disables_verification() -> None:
    """S3: the only switch is TEAMS_ALLOW_UNAUTHENTICATED, and its gate stands in one file."""
    users = [str(path.relative_to(ROOT)) for path in SOURCES if "admit_locally" in path.read_text("utf-8")]
    unverified = [
        str(path.relative_to(ROOT)) for path in SOURCES if "verify_signature" in path.read_text("utf-8") or "verify=False" in path.read_text("utf-8")
    ]

    assert users == ["adapters/teams/open_gate.py", "adapters/teams/start.py"]
    assert unverified == []


PATTERNS = [
    (str(path.relative_to(ROOT)), node.args[0].value, node.lineno)
    for path in SOURCES
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.Call)
    and isinstance(node.func, ast.Attribute)
    and node.func.attr == "compile"
    and node.args
    and isinstance(node.args[0], ast.Constant)
]
ATTACKS = [
    "a" * 40_000,
    "1 " * 20_000,
    "<" * 40_000,
    "x:" * 20_000,
    "password is " * 3_300,
    "-----BEGIN " * 3_600,
    "a://b:" * 6_600,
    "A1" * 20_000,
    "((((" * 10_000,
    "sk-" * 13_000,
    "eyJ." * 10_000,
]


@pytest.mark.parametrize(("file", "pattern", "line"), PATTERNS, ids=[f"{file}:{line}" for file, _, line in PATTERNS])
def test_no_pattern_can_be_made_slow(file: str, pattern: str, line: int) -> None:
    """S75: each pattern against 11 attacks of 40,000 characters, each under a second even on a busy machine (0.1 s when idle)."""
    compiled = re.compile(pattern, re.I)
    for attack in ATTACKS:
        begun = time.process_time()
        for _ in compiled.finditer(attack):
            pass
        compiled.search(attack + "!")
        assert time.process_time() - begun < 1.0, attack[:10]


def test_no_pattern_of_a_language_can_be_made_slow(content: Content) -> None:
    """S75: every pattern of the language files against long runs of its own words."""
    for language in content.languages:
        vocabulary, gap = vocabulary_of(language), " " if language.word_spaces else ""
        anchored = {p.source: p.anchors for group in vocabulary.intents._by_anchor.values() for p in group}
        anchored |= {p.source: p.anchors for group in vocabulary.roomy._by_anchor.values() for p in group}
        for source, anchors in anchored.items():
            expression = re.compile(source)
            for anchor in list(anchors)[:2]:
                text = f"{gap}{anchor}" * 3000 + gap
                begun = time.process_time()
                expression.search(text)
                assert time.process_time() - begun < 1.0, source


def test_a_text_made_of_a_languages_own_words_is_read_in_time(content: Content) -> None:
    """S74, S75: the longest text that is read, in one sentence, out of the words that make patterns be tried."""
    for language in content.languages:
        vocabulary, gap = vocabulary_of(language), " " if language.word_spaces else ""
        words = [*vocabulary.roomy._by_anchor, *vocabulary.intents._by_anchor]
        text = gap.join(word for _ in range(100) for word in words if "{" not in word)[:MAX_CHARACTERS]
        reader = Understanding(content.policy, content.tools, language)
        reader.read(text[:1000])
        begun = time.process_time()
        reader.read(text)
        assert time.process_time() - begun < 5.0, language.code


def test_the_locks_have_hashes_and_no_addresses() -> None:
    """S84: hash-locked, and silent about where packages come from."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        pinned = len(re.findall(r"^[a-z0-9.\-]+(?:\[[a-z,]+\])?==", text, re.M | re.I))
        assert pinned > 40
        assert text.count("--hash=sha256:") >= pinned
        assert "://" not in text
        assert "index" not in text


def test_every_requirement_named_in_a_test_exists() -> None:
    """`R41` and `S11` resolve inside the repository."""
    known = set(re.findall(r"^\| (R\d+) \|", (ROOT / "docs/requirements.md").read_text("utf-8"), re.M))
    known |= set(re.findall(r"\*\*(S\d+)", (ROOT / "docs/claims.md").read_text("utf-8")))
    named = {name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"\b([RS]\d{1,3})\b(?=[,:; )–])", path.read_text("utf-8"))}

    assert {name for name in named if name not in known} == set()

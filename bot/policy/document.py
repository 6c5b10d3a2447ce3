"""YAML files read with the line of every value, so that a fault can say where it is.

Everything plain is text: `version: 1.0` stays "1.0" and `no` stays "no". What a value means is decided by whoever
asks for it (`Reader.text`, `.date`, `.number` …); each wrong one becomes a Fault and the reading goes on, so that
all faults are reported at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

Node = yaml.Node
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a file that people write, with the mend."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class ContentFaults(Exception):
    """The content cannot be used; `faults` says what is wrong and how to mend it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class Reader:
    """One mapping of a file, read key by key; `close` reports the keys nobody asked for."""

    def __init__(self, file: str, node: Node, faults: list[Fault], what: str) -> None:
        self.file, self.what, self.line, self.faults = file, what, node.start_mark.line + 1, faults
        self.lines: dict[str, int] = {}
        self._nodes: dict[str, Node] = {}
        self._asked: set[str] = set()
        if not isinstance(node, yaml.MappingNode):
            self.fault(f"{what} must be a mapping (key: value)", self.line)
            return
        for key, value in node.value:
            name = str(key.value)
            if name in self._nodes:
                self.fault(f"“{name}” stands here twice; keep one", key.start_mark.line + 1)
            self._nodes[name] = value
            self.lines[name] = key.start_mark.line + 1

    def fault(self, text: str, line: int | None = None) -> None:
        """Note a fault at this line, or at the mapping's own."""
        self.faults.append(Fault(self.file, line or self.line, text))

    def names(self) -> tuple[str, ...]:
        """The keys of this mapping, in the file's order."""
        return tuple(self._nodes)

    def at(self, key: str) -> int:
        """The line of a key, or of the mapping where the key is missing."""
        return self.lines.get(key, self.line)

    def node(self, key: str) -> Node | None:
        """The raw value of a key, or None where it is missing or empty."""
        self._asked.add(key)
        node = self._nodes.get(key)
        return None if node is None or (isinstance(node, yaml.ScalarNode) and node.value in ("", "null", "~")) else node

    def text(self, key: str, default: str | None = None) -> str:
        """A text value; without a default it is required."""
        node = self.node(key)
        if node is None:
            if default is None:
                self.fault(f"{self.what} needs “{key}”; add it")
            return default or ""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(f"“{key}” must be a text, not a list or mapping", self.at(key))
            return default or ""
        return str(node.value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        node = self.node(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(item, yaml.ScalarNode) for item in node.value):
            self.fault(f"“{key}” must be a list like [one, two]", self.at(key))
            return ()
        return tuple(str(item.value) for item in node.value)

    def flag(self, key: str) -> bool:
        """A yes or no; no where the key is missing."""
        value = self.text(key, "false").lower()
        if value not in ("true", "false"):
            self.fault(f"“{key}” must be true or false, not “{value}”", self.at(key))
        return value == "true"

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number above zero."""
        value = self.text(key, None if default is None else str(default))
        if not value.isdecimal() or int(value) < 1:
            if value:
                self.fault(f"“{key}” must be a whole number above zero, not “{value}”", self.at(key))
            return default or 1
        return int(value)

    def day(self, key: str, *, required: bool = False) -> date | None:
        """An ISO date, or None where the key is missing."""
        value = self.text(key, None if required else "")
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.fault(f"“{key}” must be a date like 2026-01-15, not “{value}”", self.at(key))
            return None

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E | None:
        """One of an enumeration's values, or None when it is none of them."""
        value = self.text(key, None if default is None else default.value)
        try:
            return kind(value)
        except ValueError:
            self.fault(f"“{key}” must be one of {', '.join(kind)}, not “{value}”", self.at(key))
            return None

    def each(self, key: str, what: str) -> Iterator["Reader"]:
        """The mappings of a list, one reader each."""
        node = self.node(key)
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self.fault(f"“{key}” must be a list", self.at(key))
            return
        for item in node.value:
            yield Reader(self.file, item, self.faults, what)

    def inside(self, key: str, what: str) -> "Reader | None":
        """The mapping under a key, or None where it is missing."""
        node = self.node(key)
        return None if node is None else Reader(self.file, node, self.faults, what)

    def close(self) -> None:
        """Report the keys that mean nothing here; a misspelt key must not be silently ignored."""
        for key in self._nodes.keys() - self._asked:
            self.fault(f"“{key}” means nothing in {self.what}; remove it or correct its spelling", self.at(key))


def read_document(folder: Path, name: str, faults: list[Fault], what: str) -> Reader | None:
    """The mapping that a YAML file holds, or None (with a fault noted) where it cannot be read."""
    try:
        text = (folder / name).read_text("utf-8")
    except FileNotFoundError:
        faults.append(Fault(name, 1, "the file is missing; add it"))
        return None
    except (OSError, UnicodeDecodeError):
        faults.append(Fault(name, 1, "the file cannot be read as UTF-8 text; save it as UTF-8"))
        return None
    return read_text(text, name, faults, what)


def read_text(text: str, name: str, faults: list[Fault], what: str, first_line: int = 0) -> Reader | None:
    """The mapping in this YAML text, or None (with a fault noted)."""
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line + 1 if mark else 1) + first_line
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        faults.append(Fault(name, line, f"not valid YAML ({problem}); mend the line or quote the text"))
        return None
    if node is None:
        faults.append(Fault(name, 1, "the file is empty; fill it in"))
        return None
    return Reader(name, node, faults, what)


def plain(node: Node) -> object:
    """Lists, mappings and texts of a node, with every scalar as text."""
    match node:
        case yaml.ScalarNode():
            return str(node.value)
        case yaml.SequenceNode():
            return [plain(item) for item in node.value]
        case yaml.MappingNode():
            return {str(key.value): plain(value) for key, value in node.value}
        case _:
            raise TypeError(type(node).__name__)


def texts_of(value: object) -> Mapping[str, str]:
    """A mapping of texts out of `plain`; anything else in it is left out."""
    return {key: text for key, text in value.items() if isinstance(text, str)} if isinstance(value, dict) else {}


# The C parser where the wheel brings it (ten times faster), the same grammar in Python otherwise; every value is read as text.
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

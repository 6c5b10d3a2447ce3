"""Frozen values to JSON and back, exactly: `load(dump(value)) == value`.

Every dataclass and enumeration that is stored is registered by name; anything unknown is refused, so that a row written
by another version is never half understood.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


PRIMITIVES = frozenset((str, int, float, bool, type(None)))


class UnknownShape(Exception):
    """A stored value has a shape that this version does not know."""


class Codec:
    """Dumps and loads the values of these classes."""

    def __init__(self, *classes: type) -> None:
        self._classes: Mapping[str, type] = {known.__name__: known for known in classes}
        self._fields: Mapping[type, tuple[str, ...]] = {
            known: tuple(field.name for field in fields(known)) for known in classes if is_dataclass(known)
        }
        self._enumerations = frozenset(known for known in classes if issubclass(known, StrEnum))

    def dump(self, value: object) -> str:
        """The value as one line of JSON."""
        return json.dumps(self._plain(value), ensure_ascii=False, separators=(",", ":"))

    def load(self, text: str) -> Any:
        """The value that this JSON was made from.

        Errors   UnknownShape for anything that was not dumped by these classes.
        """
        try:
            return self._value(json.loads(text))
        except (ValueError, TypeError, KeyError) as error:
            raise UnknownShape(str(error)) from error

    def _plain(self, value: Any) -> Plain:
        kind = type(value)
        if kind in PRIMITIVES:
            return value  # type: ignore[no-any-return]
        if kind is tuple:
            return ["tuple", *map(self._plain, value)]
        if (names := self._fields.get(kind)) is not None:
            return {"": kind.__name__, **{name: self._plain(getattr(value, name)) for name in names}}
        if kind in self._enumerations:
            return [kind.__name__, value.value]
        if kind in (date, datetime):
            return [kind.__name__, value.isoformat()]
        raise UnknownShape(kind.__name__)

    def _value(self, stored: Plain) -> object:
        match stored:
            case ["tuple", *items]:
                return tuple(self._value(item) for item in items)
            case ["date", str(text)]:
                return date.fromisoformat(text)
            case ["datetime", str(text)]:
                return datetime.fromisoformat(text)
            case [str(name), str(text)] if name in self._classes:
                return self._classes[name](text)
            case {"": str(name)} if name in self._classes and isinstance(stored, dict):
                make: Callable[..., object] = self._classes[name]
                return make(**{key: self._value(value) for key, value in stored.items() if key})
            case None | str() | int() | float():
                return stored
            case _:
                raise UnknownShape(str(stored)[:80])

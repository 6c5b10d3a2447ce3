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


class UnknownShape(Exception):
    """A stored value has a shape that this version does not know."""


class Codec:
    """Dumps and loads the values of these classes."""

    def __init__(self, *classes: type) -> None:
        self._classes: Mapping[str, type] = {known.__name__: known for known in classes}
        self._fields: Mapping[type, tuple[str, ...]] = {
            known: tuple(field.name for field in fields(known)) for known in classes if is_dataclass(known)
        }

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

    def _plain(self, value: object) -> Plain:
        match value:
            case StrEnum():
                return [type(value).__name__, value.value]
            case None | str() | int() | float():
                return value
            case datetime():
                return ["datetime", value.isoformat()]
            case date():
                return ["date", value.isoformat()]
            case tuple():
                return ["tuple", *(self._plain(item) for item in value)]
            case _:
                return self._plain_object(value)

    def _plain_object(self, value: object) -> Plain:
        names = self._fields.get(type(value))
        if names is None:
            raise UnknownShape(type(value).__name__)
        return {"": type(value).__name__, **{name: self._plain(getattr(value, name)) for name in names}}

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

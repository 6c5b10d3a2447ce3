"""Sentences of a language file with their places filled.

A filled place is a Span of its own, so that what people wrote never mixes with our words.
"""

from string import Formatter

from bot.policy.language import Language
from bot.policy.model import Policy, Verdict
from bot.ui.card import Span, plain

# The places that the eye looks for; everything else is read in passing.
STRONG = frozenset(("tool", "data", "enterprise", "receipt"))


class Wording:
    """How one language says things."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._parsed = {key: tuple(Formatter().parse(sentence)) for key, sentence in language.replies.items()}

    def spans(self, key: str, **values: str) -> tuple[Span, ...]:
        """A reply with its places filled; what the eye looks for is strong."""
        found: list[Span] = []
        for literal, place, _, _ in self._parsed[key]:
            if literal:
                found.append(Span(literal))
            if place:
                found.append(Span(values[place], strong=place in STRONG))
        return tuple(found)

    def text(self, key: str, **values: str) -> str:
        """A reply with its places filled, as one text."""
        return plain(self.spans(key, **values))

    def own(self, text: str) -> str:
        """A text of the policy's own in this language; as it stands where there is no translation."""
        return self.language.translations.get(text, text)

    def verdict(self, verdict: Verdict) -> str:
        """The first word of an answer: Yes, Only if, No."""
        return self.language.verdicts[verdict]

    def button(self, key: str) -> str:
        """The label of a button."""
        return self.language.buttons[key]

    def kinds(self, kinds: tuple[str, ...]) -> str:
        """The kinds of secrets that were removed, named."""
        return self.listed(tuple(self.language.redacted_kinds.get(kind, kind) for kind in kinds))

    def listed(self, items: tuple[str, ...], last: str = "and") -> str:
        """One, two and three; or, with `last="or"`, one, two or three."""
        if len(items) < 2:
            return "".join(items)
        return self.language.replies["comma"].join(items[:-1]) + self.language.replies[last] + items[-1]


def where_to_ask(policy: Policy) -> str:
    """The people who help, with how to reach them."""
    where = policy.organization.where_to_ask
    ways = ", ".join(way for way in (where.slack, where.email) if way)
    return f"{where.name} ({ways})" if ways else where.name


def role_name(say: Wording, role: str) -> str:
    """A role's id as people say it."""
    return say.own(role.replace("_", " "))


def data_name(say: Wording, policy: Policy, id: str | None) -> str:
    """A data class or prohibited input by its name."""
    known = policy.data.get(id or "")
    return say.own(known.name) if known else (id or "")


def use_name(say: Wording, policy: Policy, id: str) -> str:
    """A use by its name."""
    known = policy.purposes.get(id)
    return say.own(known.name) if known else id


def tier_name(say: Wording, policy: Policy, id: str) -> str:
    """A tier by its name."""
    tier = policy.tier(id)
    return say.own(tier.name) if tier else id

"""Everything that can be heard, compiled once for a policy, a register and a language.

`Lexicon.heard` makes the words of a text comparable with what was taught, `Lexicon.find` finds the phrases in them.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product

from bot.policy.language import Language
from bot.policy.model import Named, Policy, Tool
from bot.redaction.clean import cleaned
from bot.understanding.morphology import Morphology
from bot.understanding.phrases import Heard, Kind, Meaning, Phrases, options
from bot.understanding.text import Token, tokens
from bot.understanding.typos import Spelling

ASSISTANTS = ("ai", "assistant", "copilot")  # what products call the AI built into them
SHORTEST_NAME = 3  # letters of a word that may mean a tool by itself: not the C of "c.ai"


# Kinds whose phrases are the words of the language list of that name.
CUES = tuple(kind for kind in Kind if kind not in (Kind.TOOL, Kind.DATA, Kind.USE, Kind.TIER))


class Lexicon:
    """The compiled vocabulary. Build it when policy, register or language change, not for each question."""

    def __init__(self, policy: Policy, tools: Iterable[Tool], language: Language) -> None:
        self.policy, self.language = policy, language
        self.morphology = Morphology(language)
        self.tools: dict[str, Tool] = {tool.name: tool for tool in tools}
        self.exact = Phrases()
        self.names = Phrases()
        self.loose = Phrases()
        self.loose_names = Phrases()
        self.joined, self.same = spelling_variants(language.same)
        self._joining = frozenset(first for first, _ in self.joined)
        self._written: dict[str, None] = {}
        self._based: dict[str, tuple[str, ...]] = {}
        self.lists = {key: frozenset(words[-1] for item in items if (words := self._words(item))) for key, items in language.words.items()}
        small = tuple(self._written)
        self.data_words: set[str] = set()
        self.use_words: set[str] = set()
        #: A word in names and aliases that is nobody's own alias, with the entries it stands in.
        self.shared: dict[str, frozenset[str]] = {}
        #: Names and their words as they are spelled, with the entries they stand in: plural endings make some alike.
        self.spelled: dict[str, set[str]] = {}
        #: The words of each entry's name and aliases, to tell its editions apart.
        self.name_words: dict[str, tuple[frozenset[str], ...]] = {}
        for kind in CUES:
            for phrase in language.words[kind.value]:
                deque(self._teach(phrase, kind, phrase), 0)
        self._teach_policy()
        self._teach_language()
        self._teach_tools()
        names = {token.word for tool in self.tools.values() for name in (tool.name, *tool.aliases, *tool.domains) for token in self._dictionary(name)}
        self.morphology.learn(tuple(self._written), small, names)
        self._unions: dict[tuple[str, ...], frozenset[str]] = {}
        lists = (
            "stop",
            "ordinary",
            "not_tools",
            "common_name_words",
            "put",
            "slot",
            "editions",
            "ai_words",
            "standing",
            "edition_nouns",
            "determiners",
        )
        self._known = self.union(lists) | self.exact.begins() | self.data_words | self.use_words
        self._known_names = self.names.begins() | self.shared.keys()

    @cached_property
    def spelling(self) -> Spelling:
        """The words a misspelt one may have been meant as; made when the first unknown word is met."""
        small = self.lists["stop"]
        return Spelling((word for word in self._vocabulary() if word not in small), self.lists["ordinary"] - small)

    def _teach_policy(self) -> None:
        for entry in (*self.policy.data_classes, *self.policy.prohibited_inputs):
            for phrase in (*self._titles(entry), *entry.says, *entry.examples):
                self.data_words.update(self._teach(phrase, Kind.DATA, entry.id, loose=True))
        for use in self.policy.uses:
            for phrase in (use.name, *use.says, *use.examples):
                self.use_words.update(self._teach(phrase, Kind.USE, use.id, loose=True))
        for tier in self.policy.tiers:
            for phrase in (tier.name, tier.id, *tier.says):
                deque(self._teach(phrase, Kind.TIER, tier.id), 0)

    def _titles(self, entry: Named) -> Iterator[str]:
        """Name and id of an entry, unless they say nothing by themselves: a class called "Ours"."""
        for title in (entry.name, entry.id.replace("_", " ")):
            if not set(self._words(title)) <= self.lists["stop"]:
                yield title

    def _teach_language(self) -> None:
        """What the language calls the policy's kinds, unless the organization itself uses the word for something else."""
        kinds = {entry.id: Kind.DATA for entry in (*self.policy.data_classes, *self.policy.prohibited_inputs)}
        kinds |= {use.id: Kind.USE for use in self.policy.uses} | {tier.id: Kind.TIER for tier in self.policy.tiers}
        claimed = self._claimed()
        for id, phrases in self.language.says.items():
            if (kind := kinds.get(id)) is None:
                continue
            for phrase in phrases:
                if kind is Kind.DATA and claimed and any(claimed.get(word, {id}) != {id} for word in self._last_words(phrase)):
                    continue
                taught = self._teach(phrase, kind, id, loose=kind is not Kind.TIER)
                (self.data_words if kind is Kind.DATA else self.use_words).update(taught)

    def _claimed(self) -> dict[str, set[str]]:
        """The last word of each phrase that is the organization's own, with the kinds of data it stands for there.

        An organization that calls "design files" internal shall not hear "files" judged by what they are elsewhere.
        """
        claimed: dict[str, set[str]] = defaultdict(set)
        for entry in (*self.policy.data_classes, *self.policy.prohibited_inputs):
            for phrase in (*entry.says, *entry.examples):
                if (entry.id, phrase.casefold()) not in self.language.general:
                    for word in self._last_words(phrase):
                        claimed[word].add(entry.id)
        return claimed

    def _teach_tools(self) -> None:
        holders: dict[str, set[str]] = defaultdict(set)
        bare: set[str] = set()
        for tool in self.tools.values():
            variants: list[frozenset[str]] = []
            for phrase in (tool.name, *tool.aliases):
                self.spelled.setdefault(phrase.casefold(), set()).add(tool.name)
                for word in phrase.casefold().split():
                    self.spelled.setdefault(word, set()).add(tool.name)
                taught = self._teach_name(phrase, tool.name)
                variants.append(frozenset(taught))
                for word in taught:
                    holders[word].add(tool.name)
                if len(taught) == 1:
                    bare.add(taught[0])
                if len(taught) > 1 and taught[-1] in ASSISTANTS:  # "the Copilot IN Word", "l'IA DE Slack"
                    self.loose_names.add((taught[-1], *taught[:-1]), Meaning(Kind.TOOL, tool.name))
            for domain in tool.domains:
                self._teach_name(domain, tool.name)
            self.name_words[tool.name] = tuple(variants)
        self._teach_embedded()
        self.tool_words = frozenset(holders)
        common = {word for key in ("common_name_words", "stop", "ordinary") for item in self.language.words[key] for word in self._name(item)}
        plain = bare | common | self.data_words
        self.shared = {word: frozenset(names) for word, names in holders.items() if word not in plain and len(word) >= SHORTEST_NAME}

    def _teach_embedded(self) -> None:
        """The AI of a product by the product's name ("the AI in Confluence"), where only one entry is built into it."""
        inside: dict[str, list[str]] = defaultdict(list)
        for tool in self.tools.values():
            for host in re.split(r",|/| and ", tool.embedded_in):
                if host.strip():
                    inside[host.strip()].append(tool.name)
        for host, names in inside.items():
            words = self._name(host)
            for generic in ASSISTANTS if len(names) == 1 and words else ():
                self.names.add((*words, generic), Meaning(Kind.TOOL, names[0]))
                self.loose_names.add((generic, *words), Meaning(Kind.TOOL, names[0]))

    def _teach_name(self, phrase: str, tool: str) -> tuple[str, ...]:
        """Teach a name, an alias or a domain; its words as names are compared."""
        words = self._name(phrase)
        if words:
            self.names.add(words, Meaning(Kind.TOOL, tool))
        return words

    def _name(self, phrase: str) -> tuple[str, ...]:
        return tuple(self.morphology.name(token.word) for token in self._standard(self.morphology.split(tokens(cleaned(phrase)))))

    def _teach(self, phrase: str, kind: Kind, id: str, *, loose: bool = False) -> Iterator[str]:
        """Teach a phrase with all its choices; the words it is made of."""
        parts = [[self._words(choice) for choice in choices] for choices in options(phrase)]
        stop, meaning = self.lists["stop"], Meaning(kind, id)
        for chosen in product(*parts):
            taught = chosen[0] if len(chosen) == 1 else tuple(word for words in chosen for word in words)
            if not taught:
                continue
            self.exact.add(taught, meaning)
            if loose and len(taught) > 1:
                content = tuple(word for word in taught if word not in stop)
                if len(content) > 1:
                    self.loose.add(content, meaning)
        for part in parts:
            for words in part:
                yield from words

    def _last_words(self, phrase: str) -> set[str]:
        """The last words that a phrase with choices may end with."""
        return {words[-1] for choice in options(phrase)[-1] if (words := self._words(choice))}

    def _words(self, phrase: str) -> tuple[str, ...]:
        """The words of a phrase of the vocabulary in base form; as written they are kept for `Morphology.learn`."""
        known = self._based.get(phrase)
        if known is None:
            written = self._standard(self._dictionary(phrase))
            self._written.update((token.word, None) for token in written)
            known = self._based[phrase] = tuple(token.word for token in self.morphology.taught(written))
        return known

    def words(self, phrase: str) -> tuple[str, ...]:
        """The words of a pattern in base form, without articles."""
        words = tuple(token.word for token in self.morphology.taught(self._standard(self._dictionary(phrase))))
        return tuple(word for word in words if word not in self.lists["articles"])

    def _dictionary(self, phrase: str) -> tuple[Token, ...]:
        """A phrase as it stands in the vocabulary: an unspaced language's words are those between its spaces."""
        written = tokens(cleaned(phrase))
        return written if not self.morphology.word_spaces else self.morphology.split(written)

    def _vocabulary(self) -> Iterator[str]:
        yield from self.data_words
        yield from self.shared
        for variants in self.name_words.values():
            for variant in variants:
                yield from variant
        yield from self.use_words
        for _, patterns in self.language.intents:
            for pattern in patterns:
                yield from self._words(pattern)

    def heard(self, text: str) -> tuple[Token, ...]:
        """The words of a cleaned text, comparable with what was taught."""
        return self.morphology.heard(self._standard(self.morphology.split(tokens(text))))

    def _standard(self, written: tuple[Token, ...]) -> tuple[Token, ...]:
        """The words with spelling variants made one."""
        same, joined = self.same, self.joined
        if not any(token.word in same or token.word in self._joining for token in written):
            return written
        found: list[Token] = []
        skip = False
        for at, token in enumerate(written):
            if skip:
                skip = False
                continue
            after = written[at + 1] if at + 1 < len(written) else None
            if after and (standard := joined.get((token.word, after.word))):
                found.append(Token(standard, token.start, after.end, token.clause, token.part))
                skip = True
            elif token.word in same:
                found += [Token(word, *token[1:]) for word in same[token.word]]
            else:
                found.append(token)
        return tuple(found)

    def known(self, word: str, name: str = "") -> bool:
        """Whether a word means something here, so that no spelling is guessed for it."""
        return word in self._known or (name or word) in self._known_names

    def union(self, names: tuple[str, ...]) -> frozenset[str]:
        """The words of several lists together."""
        found = self._unions.get(names)
        if found is None:
            found = self._unions[names] = frozenset().union(*(self.lists[name] for name in names))
        return found

    def find(self, sequence: tuple[str, ...], names: tuple[str, ...], clauses: Sequence[int]) -> list[Heard]:
        """Every phrase that begins at any word, longest first at each; loose phrases skip small words.

        Shapes   names: the same words as names of tools are compared; clauses: the number of each word's clause.
        """
        found: list[Heard] = []
        for first, word in enumerate(sequence):
            if word in self.exact:
                found.extend(self.exact.at(sequence, first))
            if names[first] in self.names:
                found.extend(self.names.at(names, first))
        stop = self.lists["stop"]
        skipped: set[int] | None = None
        for first, name in enumerate(names):
            if name in self.loose_names:
                skipped = skipped or {at for at, word in enumerate(sequence) if word in stop}
                found.extend(self.loose_names.around(names, first, skipped))
        if not any(word in self.loose for word in sequence):
            return found
        skipped = {at for at, word in enumerate(sequence) if word in stop}
        for heard in found:  # "build CLAUDE into our product": the name of a tool does not part a phrase
            if heard.kind in (Kind.TOOL, Kind.GENERIC_TOOL):
                skipped.update(range(heard.first, heard.last + 1))
        for first, word in enumerate(sequence):
            if word in self.loose:
                found.extend(heard for heard in self.loose.around(sequence, first, skipped) if clauses[heard.first] == clauses[heard.last])
        return found


def spelling_variants(same: Mapping[str, str]) -> tuple[dict[tuple[str, str], str], dict[str, tuple[str, ...]]]:
    """Variants of two words that become one, and of one word that becomes one or more."""
    joined: dict[tuple[str, str], str] = {}
    single: dict[str, tuple[str, ...]] = {}
    for variant, standard in same.items():
        match tuple(token.word for token in tokens(cleaned(variant))):
            case (first, second):
                joined[first, second] = standard
            case (word,):
                single[word] = tuple(token.word for token in tokens(cleaned(standard)))
            case _:
                pass  # longer variants are not told apart
    return joined, single

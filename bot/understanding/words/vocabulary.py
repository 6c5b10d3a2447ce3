"""One language compiled: its words, its phrases, its spellings. Made once, whatever policies and registers come and go.

`Vocabulary.heard` makes the words of a text comparable with what was taught.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from bot.policy.language import Language
from bot.redaction.clean import cleaned
from bot.understanding.reading import Intent
from bot.understanding.words.morphology import Morphology
from bot.understanding.words.patterns import ROOM, Patterns
from bot.understanding.words.phrases import Kind, Meaning, Phrases, options
from bot.understanding.words.text import Token, tokens
from bot.understanding.words.typos import Spelling

# Kinds whose phrases are the words of the language list of that name.
CUES = tuple(kind for kind in Kind if kind not in (Kind.SAID, Kind.TOOL, Kind.KNOWN_TOOL, Kind.DATA, Kind.USE, Kind.TIER))
JOINING = ("and_words", "or_words")
# The lists whose words mean something, so that no spelling is guessed for them.
MEANT = (
    "stop", "ordinary", "not_tools", "common_name_words", "put", "slot", "editions", "ai_words", "standing", "edition_nouns", "determiners",
)  # fmt: skip


class Vocabulary:
    """The words and phrases of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.morphology = Morphology(language)
        self.exact, self.loose = Phrases(), Phrases()
        #: The phrases with room in them.
        self.roomy = Patterns[Meaning](language.word_spaces, self.pattern)
        #: The words of those that are their own ids.
        self.roomy_words: dict[str, frozenset[str]] = {}
        self.joined, self.same = spelling_variants(language.same)
        self._joining = frozenset(first for first, _ in self.joined)
        self._written: dict[str, None] = {}
        self._based: dict[str, tuple[str, ...]] = {}
        self._patterned: dict[str, tuple[str, ...]] = {}
        #: The forms in which a word was taught that means something by itself, where a stemmer makes nouns and verbs one.
        self.forms: dict[str, set[str]] = {}
        self.lists = {key: frozenset(self._listed(key, items)) for key, items in language.words.items()}
        small = tuple(self._written)
        negators = frozenset(words[0] for phrase in language.words["negators"] if len(words := self.words(phrase)) == 1)
        #: What may stand inside a loose phrase. "Staff don't know I record" has "don't"; "staff record" is another thing.
        self.skipped = self.lists["stop"] - negators
        self.joins = (self.lists["and_words"] | self.lists["or_words"]) - self.lists["slot"] - self.lists["weak_slots"]
        #: The words of everything that is no data, no use and no name, and yet means something.
        self.cue_words = frozenset(
            word for kind in CUES for phrase in language.words[kind.value] for word in self.teach(self.exact, None, phrase, Meaning(kind, phrase))
        )
        #: What opens or ends a message and says nothing about the data: "good morning", "many thanks".
        self.polite = frozenset(self.words(phrase) for phrase in language.words["polite"])
        self._longest_polite = max((len(words) for words in self.polite), default=0)
        #: The words of what each id is called.
        self.said = {
            id: frozenset(word for phrase in phrases for word in self.teach(self.exact, self.loose, phrase, Meaning(Kind.SAID, id)))
            for id, phrases in language.says.items()
        }
        self.morphology.learn(tuple(self._written), small)
        self._unions: dict[tuple[str, ...], frozenset[str]] = {}
        #: Names of tools are compared by themselves; these words are too common to mean one.
        self.common_names = frozenset(
            word for key in ("common_name_words", "stop", "ordinary") for item in language.words[key] for word in self.name(item)
        )
        #: Names of tools that no register need have.
        self.known_tools = Phrases()
        for name in language.known_tools:
            self.known_tools.add(self.name(name), Meaning(Kind.KNOWN_TOOL, name))
        self.intents = Patterns[Intent](language.word_spaces, self.pattern)
        for intent, patterns in language.intents:
            for pattern in patterns:
                self.intents.add(pattern, Intent(intent))

    def _listed(self, key: str, items: Iterable[str]) -> Iterator[str]:
        """The words of a list; of several words the last one, but not of what joins: "ainsi que" does not make "que" an "and"."""
        for item in items:
            words = self.words(item) if ROOM not in item else ()
            if words and (len(words) == 1 or key not in JOINING):
                yield words[-1]

    @cached_property
    def spelling(self) -> Spelling:
        """The words a misspelt one may have been meant as; made when the first unknown word is met."""
        small = self.lists["stop"]
        wishes = {word for _, patterns in self.language.intents for pattern in patterns for word in self.words(pattern)}
        return Spelling(wishes.union(*self.said.values()) - small, self.lists["ordinary"] - small)

    def teach(self, exact: Phrases, loose: Phrases | None, phrase: str, meaning: Meaning, roomy: Patterns[Meaning] | None = None) -> set[str]:
        """Teach a phrase with all its choices; the words it is made of."""
        if ROOM in phrase:
            (self.roomy if roomy is None else roomy).add(phrase, meaning)
            plain = re.sub(r"[(|)?*]", " ", phrase)
            if self.language.word_spaces:  # a compound among them is known as a whole; unspaced text would be cut at its words
                self._written.update((token.word, None) for token in self.dictionary(plain))
            own = frozenset(self.pattern(plain))
            if meaning.id == phrase:
                self.roomy_words[phrase] = own
            return set(own)
        written = options(phrase)
        parts = [[self.words(choice) for choice in choices] for choices in written]
        if len(parts) > 1:
            exact.add_choices(parts, meaning)
            if loose is not None:
                loose.add_choices([tuple(dict.fromkeys(self._content(words) for words in part)) for part in parts], meaning)
        else:
            for choice, words in zip(written[0], parts[0], strict=True):
                if not words:
                    continue
                exact.add(words, meaning)
                if len(words) == 1 and loose is not None and self.morphology.stems:
                    self.forms.setdefault(words[0], set()).update(self.name(choice))
                if loose is not None and len(content := self._content(words)) > 1:
                    loose.add(content, meaning)
        return {word for part in parts for words in part for word in words}

    def _content(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Words without those that may stand inside any loose phrase."""
        return tuple(word for word in words if word not in self.skipped)

    def last_words(self, phrase: str) -> set[str]:
        """The last words that a phrase with choices may end with."""
        return {words[-1] for choice in options(phrase)[-1] if (words := self.words(choice))}

    def words(self, phrase: str) -> tuple[str, ...]:
        """The words of a phrase in base form."""
        known = self._based.get(phrase)
        if known is None:
            written = self._standard(self.dictionary(phrase))
            self._written.update((token.word, None) for token in written)
            known = self._based[phrase] = tuple(token.word for token in self.morphology.taught(written))
        return known

    def pattern(self, phrase: str) -> tuple[str, ...]:
        """The words of a pattern in base form, without articles."""
        known = self._patterned.get(phrase)
        if known is None:
            words = tuple(token.word for token in self.morphology.taught(self._standard(self.dictionary(phrase))))
            known = self._patterned[phrase] = tuple(word for word in words if word not in self.lists["articles"])
        return known

    def name(self, phrase: str) -> tuple[str, ...]:
        """The words of a tool's name."""
        return tuple(self.morphology.name(token.word) for token in self._standard(self.morphology.split(tokens(cleaned(phrase)))))

    def dictionary(self, phrase: str) -> tuple[Token, ...]:
        """A phrase as it stands in the vocabulary: an unspaced language's words are those between its spaces."""
        written = tokens(cleaned(phrase))
        return self.morphology.split(written) if self.morphology.word_spaces else self.morphology.apart(written)

    def union(self, names: tuple[str, ...]) -> frozenset[str]:
        """The words of several lists together."""
        found = self._unions.get(names)
        if found is None:
            found = self._unions[names] = frozenset().union(*(self.lists[name] for name in names))
        return found

    def heard(self, text: str, morphology: Morphology) -> tuple[Token, ...]:
        """The words of a cleaned text, comparable with what was taught."""
        return morphology.heard(self._standard(morphology.split(tokens(text))))

    def without_politeness(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """The words of a message without its greetings and thanks; all of them where there is nothing else."""
        words = tuple(token.word for token in tokens)
        first, end, moved = 0, len(words), True
        while moved and first < end:
            moved = False
            for size in range(min(self._longest_polite, end - first), 0, -1):
                if words[first : first + size] in self.polite:
                    first, moved = first + size, True
                elif words[end - size : end] in self.polite:
                    end, moved = end - size, True
                if moved:
                    break
        return tokens[first:end] or tokens

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
                found.append(Token(standard, token.start, after.end, *token[3:6]))
                skip = True
            elif token.word in same:
                found += [Token(word, *token[1:]) for word in same[token.word]]
            else:
                found.append(token)
        return tuple(found)


@lru_cache(32)
def vocabulary_of(language: Language) -> Vocabulary:
    """The language compiled; the same language is compiled once."""
    return Vocabulary(language)


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

"""Everything that can be heard: a language's vocabulary with a policy's own words and the names of a register on top."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property
from itertools import chain, groupby

from bot.policy.load import shipped_phrases
from bot.policy.model import Named, Policy, PolicyUse, Tier, Tool
from bot.understanding.words.morphology import forms_of_one_noun
from bot.understanding.words.patterns import Patterns
from bot.understanding.words.phrases import Heard, Kind, Meaning, Phrases
from bot.understanding.words.text import Token
from bot.understanding.words.typos import Spelling
from bot.understanding.words.vocabulary import MEANT, Vocabulary

ASSISTANTS = ("ai", "assistant", "copilot")  # what products call the AI built into them
TURNED = (*ASSISTANTS, "api")  # words that stand in front in other languages: "la API de OpenAI"
LONGEST_CLAUSE = 250  # words; a longer sentence is not looked through for phrases with room, and no Yes is given to it
SHORTEST_NAME = 3  # letters of a word that may mean a tool by itself: not the C of "c.ai"


class Lexicon:
    """What can be heard. Build it when policy, register or language change, not for each question."""

    def __init__(self, policy: Policy, tools: Iterable[Tool], vocabulary: Vocabulary) -> None:
        self.policy, self.vocabulary, self.language = policy, vocabulary, vocabulary.language
        self.lists, self.union = vocabulary.lists, vocabulary.union
        self.tools: dict[str, Tool] = {tool.name: tool for tool in tools}
        self.exact, self.loose, self.names, self.loose_names = Phrases(), Phrases(), Phrases(), Phrases()
        self.roomy = Patterns[Meaning](self.language.word_spaces, vocabulary.pattern)
        #: The classes of data from the mildest on; those of papers, which can be published; those that anybody inside may read.
        self.order = tuple(entry.id for entry in policy.data_classes)
        self.papers, self.everyday = frozenset(self.order[: len(self.order) // 2 + 1]), frozenset(self.order[: len(self.order) // 2])
        #: What kind of thing each id is to this policy.
        self.kinds = (
            {entry.id: Kind.TIER for entry in policy.tiers} | dict.fromkeys(policy.purposes, Kind.USE) | dict.fromkeys(policy.data, Kind.DATA)
        )
        #: What the ids of the language files are here.
        self.called = {id: id for id in self.kinds}
        for entry in (*policy.data.values(), *policy.purposes.values()):
            self.called.update(dict.fromkeys(entry.like, entry.id))
        own = self._teach_policy()
        self._claims = self._claimed()
        self.data_words = self._called(Kind.DATA) | own
        #: A word in names and aliases that is nobody's own alias, with the entries it stands in.
        self.shared: dict[str, frozenset[str]] = {}
        #: Names and their words as they are spelled, with the entries they stand in: plural endings make some alike.
        self.spelled: dict[str, set[str]] = {}
        #: The words of each entry's name and aliases, to tell its editions apart.
        self.name_words: dict[str, tuple[frozenset[str], ...]] = {}
        #: The products that one entry alone is built into, by their words.
        self.hosts: dict[tuple[str, ...], str] = {}
        self._teach_tools()
        editions = {word for item in self.language.words["editions"] for word in vocabulary.name(item)}
        #: How the words of names are spelled, by their base form.
        self.spelled_as = {self.vocabulary.morphology.base(word): word for word in (*editions, *self.tool_words)}
        names = {
            token.word for tool in self.tools.values() for name in (tool.name, *tool.aliases, *tool.domains) for token in vocabulary.dictionary(name)
        }
        self.morphology = vocabulary.morphology.extended(self._own_written, names)
        uses = self._called(Kind.USE, Kind.TIER)
        self._known = vocabulary.union(MEANT) | vocabulary.cue_words | vocabulary.exact.begins() | self.exact.begins() | self.data_words | uses
        self._known_names = self.names.begins() | self.shared.keys()
        self._own_words = own

    @cached_property
    def spelling(self) -> tuple[Spelling, Spelling]:
        """The words a misspelt one may have been meant as: the organization's own and its tools', and the language's."""
        named = {word for variants in self.name_words.values() for variant in variants for word in variant}
        return Spelling((self._own_words | named | self.shared.keys()) - self.lists["stop"], ()), self.vocabulary.spelling

    def mended(self, word: str) -> str | None:
        """The taught word this was meant to be; None where there is none, or more than one as near."""
        own, language = self.spelling
        return own.nearest(word, language)

    def _teach_policy(self) -> frozenset[str]:
        """Teach what the policy itself says; the words of its kinds of data and uses."""
        teach, words = self.vocabulary.teach, set[str]()
        self._own_written: dict[str, None] = {}
        self._own_unspaced: list[tuple[str, Meaning]] = []
        for kind, entries in ((Kind.DATA, self.policy.data.values()), (Kind.USE, self.policy.purposes.values())):
            for entry in entries:
                for phrase in (*self._titles(entry), *entry.says, *entry.examples):
                    words |= teach(self.exact, self.loose, phrase, Meaning(kind, entry.id), self.roomy)
                    if not phrase.isascii() and " " not in phrase:
                        self._own_unspaced.append((phrase.lower(), Meaning(kind, entry.id)))
                    self._own_written.update((token.word, None) for token in self.vocabulary.dictionary(phrase))
        for tier in self.policy.tiers:
            for phrase in (*self._titles(tier), *tier.says):
                teach(self.exact, None, phrase, Meaning(Kind.TIER, tier.id))
        return frozenset(words)

    def _titles(self, entry: Named | Tier) -> Iterator[str]:
        """Name and id of an entry, unless they say nothing by themselves: a class called "Ours", a tier "A", a use "external"."""
        for title in (entry.name,) if isinstance(entry, PolicyUse) else (entry.name, entry.id.replace("_", " ")):
            if not set(self.vocabulary.words(title)) <= self.lists["stop"]:
                yield title

    def _called(self, *kinds: Kind) -> frozenset[str]:
        """The words of what the language calls things of these kinds."""
        said = self.vocabulary.said
        return frozenset().union(*(said[id] for id, own in self.called.items() if id in said and self.kinds[own] in kinds))

    def _claimed(self) -> dict[str, set[str]]:
        """The last word of each phrase that is the organization's own, with the kinds of data it stands for there.

        An organization that calls "design files" internal shall not hear "files" judged by what they are elsewhere.
        """
        claimed: dict[str, set[str]] = defaultdict(set)
        for entry in self.policy.data.values():
            for phrase in (*entry.says, *entry.examples):
                if (entry.id, phrase.casefold()) not in shipped_phrases():
                    for word in self.vocabulary.last_words(phrase):
                        claimed[word].add(entry.id)
        return dict(claimed)

    def _teach_tools(self) -> None:
        holders: dict[str, set[str]] = defaultdict(set)
        bare: set[str] = set()
        hosts: dict[tuple[str, ...], set[str]] = defaultdict(set)
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
                if len(taught) > 1 and taught[-1] in TURNED:  # "the Copilot IN Word", "l'IA DE Slack"
                    self.loose_names.add((taught[-1], *taught[:-1]), Meaning(Kind.TOOL, tool.name))
                if len(taught) > 1 and taught[-1] in ASSISTANTS:
                    hosts[taught[:-1]].add(tool.name)
            for domain in tool.domains:
                self._teach_name(domain, tool.name)
            self.name_words[tool.name] = tuple(variants)
        self._teach_embedded()
        self.hosts.update({words: next(iter(names)) for words, names in hosts.items() if len(names) == 1})
        for tool in self.tools.values():  # "workspace gemini", where "gemini" is another entry's name: "the Gemini IN Workspace"
            for phrase in (tool.name, *tool.aliases):
                match self.vocabulary.name(phrase):
                    case (place, brand) if brand in bare and place not in bare:
                        self.loose_names.add((brand, place), Meaning(Kind.TOOL, tool.name))
        for tool in self.tools.values():  # "something by Anthropic" may be any of theirs
            for word in self.vocabulary.name(tool.vendor):
                if word in holders:
                    holders[word].add(tool.name)
        self.tool_words = frozenset(holders)
        plain = bare | self.vocabulary.common_names | self.data_words
        self.shared = {word: frozenset(names) for word, names in holders.items() if word not in plain and len(word) >= SHORTEST_NAME}

    def _teach_embedded(self) -> None:
        """The AI of a product by the product's name ("the AI in Confluence"), where only one entry is built into it."""
        inside: dict[str, list[str]] = defaultdict(list)
        for tool in self.tools.values():
            for host in re.split(r",|/| and ", tool.embedded_in):
                if host.strip():
                    inside[host.strip()].append(tool.name)
        for host, names in inside.items():
            words = self.vocabulary.name(host)
            if len(names) == 1 and words:
                self.hosts[words] = names[0]
            for generic in ASSISTANTS if len(names) == 1 and words else ():
                self.names.add((*words, generic), Meaning(Kind.TOOL, names[0]))
                self.loose_names.add((generic, *words), Meaning(Kind.TOOL, names[0]))

    def _teach_name(self, phrase: str, tool: str) -> tuple[str, ...]:
        """Teach a name, an alias or a domain; its words as names are compared."""
        words = self.vocabulary.name(phrase)
        if words:
            self.names.add(words, Meaning(Kind.TOOL, tool))
        return words

    def heard(self, text: str) -> tuple[Token, ...]:
        """The words of a cleaned text, comparable with what was taught."""
        return self.vocabulary.heard(text, self.morphology)

    def known(self, word: str, name: str = "") -> bool:
        """Whether a word means something here, so that no spelling is guessed for it."""
        return word in self._known or (name or word) in self._known_names

    def known_tools_in(self, names: tuple[str, ...]) -> frozenset[int]:
        """The numbers of the words that name a product on the market, which are no misspelt ones."""
        known = self.vocabulary.known_tools
        found = (heard for first, name in enumerate(names) if name in known for heard in known.at(names, first))
        return frozenset(at for heard in found for at in range(heard.first, heard.last + 1))

    def find(self, sequence: tuple[str, ...], names: tuple[str, ...], tokens: Sequence[Token]) -> list[Heard]:
        """Every phrase that begins at any word, longest first at each; loose phrases skip small words.

        Shapes   names: the same words as names of tools are compared; tokens: the same words as written.
        """
        found: list[Heard] = []
        own, language = self.exact, self.vocabulary.exact
        for first, word in enumerate(sequence):
            if word in own:
                found.extend(heard for heard in own.at(sequence, first) if said_together(heard, tokens))
            if word in language:
                meant = self._meant(language.at(sequence, first), sequence)
                found.extend(heard for heard in meant if said_together(heard, tokens) and self._said_so(heard, sequence, names))
            if names[first] in self.names:
                found.extend(self.names.at(names, first))
            if names[first] in self.vocabulary.known_tools:
                found.extend(self.vocabulary.known_tools.at(names, first))
        skipped = {at for at, word in enumerate(sequence) if word in self.vocabulary.skipped}
        for first, name in enumerate(names):
            if name in self.loose_names:
                found.extend(self.loose_names.around(names, first, skipped))
        # "build CLAUDE into our product": the name of a tool does not part a phrase; "an AI" may be one's own words too.
        named = {at for heard in found if heard.kind is Kind.TOOL for at in range(heard.first, heard.last + 1)} | skipped
        found.extend(self._with_room(sequence, tokens))
        generic = {at for heard in found if heard.kind is Kind.GENERIC_TOOL for at in range(heard.first, heard.last + 1)} - named
        found.extend(self._around(sequence, named, tokens))
        if generic:
            found.extend(self._around(sequence, named | generic, tokens))
        return found

    def _around(self, sequence: tuple[str, ...], skipped: Set[int], tokens: Sequence[Token]) -> Iterator[Heard]:
        """The loose phrases that begin at any word, each within one clause; data, which is called by a name, within one part of it."""
        own, language = self.loose, self.vocabulary.loose
        for first, word in enumerate(sequence):
            around = chain(
                own.around(sequence, first, skipped) if word in own else (),
                self._meant(language.around(sequence, first, skipped), sequence) if word in language else (),
            )
            for heard in around:
                if said_together(heard, tokens) and not (heard.kind is Kind.DATA and self._broken(heard, sequence)):
                    yield heard

    def _broken(self, heard: Heard, sequence: tuple[str, ...]) -> bool:
        """Whether what stands inside a loose phrase makes it another thing: "code AND public repositories", "figures we WILL publish"."""
        breaks = self.vocabulary.joins if heard.id != self.order[0] else self.vocabulary.joins | self.lists["qualifying_doubts"]
        return any(sequence[at] in breaks for at in range(heard.first + 1, heard.last))

    def _with_room(self, sequence: tuple[str, ...], tokens: Sequence[Token]) -> Iterator[Heard]:
        """The phrases with room in them, each within one clause."""
        places = [at for at, word in enumerate(sequence) if word not in self.lists["articles"]]
        for _, clause in groupby(places, key=lambda at: tokens[at].clause):
            inside = list(clause)[:LONGEST_CLAUSE]
            words = [sequence[at] for at in inside]
            for patterns in (self.roomy, self.vocabulary.roomy):
                found = (Heard(m.meaning.kind, m.meaning.id, inside[m.first], inside[m.last], roomy=True) for m in patterns.matching(words))
                yield from found if patterns is self.roomy else self._meant(found, sequence)

    def taught_words(self, pattern: str) -> frozenset[str]:
        """The words of a phrase with room, which is its own id where it is no data and no use."""
        return self.vocabulary.roomy_words.get(pattern, frozenset())

    def unspaced(self, text: str, tokens: Sequence[Token]) -> Iterator[Heard]:
        """The organization's own phrases in a text without spaces, however its words were cut."""
        if self.language.word_spaces:
            return
        plain = text.lower()
        for phrase, meaning in self._own_unspaced:
            start = plain.find(phrase)
            while start >= 0:
                inside = [at for at, token in enumerate(tokens) if token.end > start and token.start < start + len(phrase)]
                if inside:
                    yield Heard(meaning.kind, meaning.id, inside[0], inside[-1])
                start = plain.find(phrase, start + len(phrase))

    def _said_so(self, heard: Heard, sequence: tuple[str, ...], names: tuple[str, ...]) -> bool:
        """Whether a word that means something by itself was said in a form it was taught in, or another of the same noun."""
        if heard.first != heard.last or heard.kind not in (Kind.DATA, Kind.USE):
            return True
        forms = self.vocabulary.forms.get(sequence[heard.first])
        return not forms or any(forms_of_one_noun(names[heard.first], form) for form in forms)

    def _meant(self, phrases: Iterable[Heard], sequence: tuple[str, ...]) -> Iterator[Heard]:
        """What the language's phrases mean to this policy, unless the organization uses the word for something else."""
        for heard in phrases:
            if heard.kind is not Kind.SAID:
                yield heard
            elif (own := self.called.get(heard.id)) is not None:
                if (kind := self.kinds[own]) is Kind.DATA and self._claims.get(sequence[heard.last], {own}) != {own}:
                    continue
                yield heard._replace(kind=kind, id=own)


def said_together(heard: Heard, tokens: Sequence[Token]) -> bool:
    """Whether the words of a phrase stand in one clause; of data, which is called by a name, in one part of it."""
    one, other = tokens[heard.first], tokens[heard.last]
    return one.clause == other.clause and (heard.kind is not Kind.DATA or one.part == other.part)

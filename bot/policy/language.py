"""languages/*.yaml → how people of one language put questions and how they are answered.

Another language is another file with the same keys; no code knows any language's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from string import Formatter

import Stemmer

from bot.policy.document import Fault, Reader, plain, read_document, texts_of
from bot.policy.model import Verdict

OWN_STEMMERS = ("none", "plural s")

KNOWN_TOOLS, NOT_AI = "known_tools.yaml", "no AI"
WORD_LISTS = (
    "stop",
    "ordinary",
    "put",
    "slot",
    "generic_tools",
    "not_tools",
    "common_name_words",
    "editions",
    "consumer_editions",
    "enterprise_editions",
    "negators",
    "negation_fillers",
    "not_negations",
    "corrections",
    "weak_corrections",
    "modals",
    "anonymised",
    "names_removed",
    "anonymising_doubts",
    "anonymising_tasks",
    "identifying",
    "totals",
    "workplaces",
    "pseudonymised",
    "beyond_doubt",
    "harmless",
    "units",
    "unit_links",
    "instructions",
    "how_to",
    "topic_links",
    "source_leads",
    "destination_leads",
    "people_words",
    "and_words",
    "open_ended",
    "publications",
    "pointing",
    "code_words",
    "open_code",
    "formerly",
    "asides",
    "so_that",
    "parts",
    "chapters",
    "still_words",
    "first_names",
    "removed",
    "follow_ups",
    "as_of",
    "help_words",
    "polite",
    "ask_hints",
    "ai_words",
    "determiners",
    "weak_slots",
    "slots_after",
    "name_leads",
    "standing_leads",
    "standing",
    "edition_nouns",
    "askers",
    "pronouns",
    "purpose_leads",
    "purpose_general",
    "use_verbs",
    "or_words",
    "negators_after",
    "elisions",
    "compound_links",
    "secret_words",
    "secret_links",
    "id_number_words",
    "articles",
    "outputs",
    "output_leads",
    "made_from",
    "person_verbs",
    "also_words",
    "info_questions",
    "hosts",
    "hosts_after",
    "qualifiers",
    "qualifier_links",
    "qualifying_doubts",
)


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language: words to understand by (`words`), patterns of intents, and sentences to answer with.

    `says` is what the kinds of data, uses and tiers are called, by their ids; `translations` turns the policy's own texts
    into this language. What another policy does not have means nothing there.
    """

    code: str
    name: str
    #: How words are made comparable: a Snowball algorithm, "plural s", or "none".
    stemmer: str
    #: Whether words are written with spaces between them.
    word_spaces: bool
    #: Whether nouns stand before the noun they describe: a blog post DRAFT.
    head_last: bool
    #: Whether a capital says nothing, because every noun has one.
    nouns_capitalised: bool
    verdicts: Mapping[Verdict, str]
    words: Mapping[str, tuple[str, ...]]
    same: Mapping[str, str]
    #: Intents in the order in which they are tried, each with its patterns.
    intents: tuple[tuple[str, tuple[str, ...]], ...]
    replies: Mapping[str, str]
    buttons: Mapping[str, str]
    redacted_kinds: Mapping[str, str]
    says: Mapping[str, tuple[str, ...]]
    translations: Mapping[str, str]
    #: Names of AI products on the market, in whatever language: they are tools also where no register has them.
    known_tools: tuple[str, ...] = ()


def load_languages(folder: Path, packaged: Path, faults: list[Fault]) -> tuple[Language, ...]:
    """The languages of this folder, English first; their replies are checked against the English ones.

    `wording/` holds what the workflows say, a file for each language; what a folder or a language lacks comes from the
    packaged English one. `known_tools.yaml` is the same for all of them.
    """
    files = sorted((*(folder / "languages").glob("*.yaml"), *(folder / "wording").glob("*.yaml"), *folder.glob(KNOWN_TOOLS)))
    stamps = tuple((f"{path.parent.name}/{path.name}", path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    found, wrong = read_languages(folder, packaged, stamps)
    faults.extend(wrong)
    return found


@lru_cache(8)
def read_languages(folder: Path, packaged: Path, files: tuple[tuple[str, int, int], ...]) -> tuple[tuple[Language, ...], tuple[Fault, ...]]:
    """The languages in these files, with what is wrong in them; read again only when a file has changed.

    Shapes   files: name, time of the last change and size of each.
    """
    faults: list[Fault] = []
    names = [name for name, _, _ in files if name.startswith("languages/")]
    languages = [load_language(reader) for name in names if (reader := read_document(folder, name, faults, "the language"))]
    languages.sort(key=lambda language: (language.code != "en", language.code))
    if not languages:
        faults.append(Fault("languages", 1, "no language is there; add languages/en.yaml"))
        return (), tuple(faults)
    model = languages[0].replies
    for language in languages[1:]:
        file = f"languages/{language.code}.yaml"
        for key, sentence in model.items():
            if key not in language.replies:
                faults.append(Fault(file, 1, f"the reply “{key}” is missing; translate “{sentence}”"))
            elif well_formed(sentence) and well_formed(language.replies[key]) and places(language.replies[key]) != places(sentence):
                faults.append(Fault(file, 1, f"the reply “{key}” must use the same {{places}} as the English one"))
    english = load_wording(packaged, "en", {}, faults)
    known = load_known_tools(folder if (folder / KNOWN_TOOLS).is_file() else packaged, faults)
    others = known.pop(NOT_AI, ())
    tools = tuple(name for names in known.values() for name in names)
    worded = (with_wording(folder, packaged, language, english, faults) for language in languages)
    return tuple(
        replace(language, known_tools=tools, words={**language.words, "not_tools": (*language.words["not_tools"], *others)}) for language in worded
    ), tuple(faults)


def load_known_tools(folder: Path, faults: list[Fault]) -> dict[str, tuple[str, ...]]:
    """The names of products on the market, by group; one group is of those that are no AI tools."""
    reader = read_document(folder, KNOWN_TOOLS, faults, "the known tools")
    return {group: reader.texts(group) for group in reader.names()} if reader else {}


Sentences = Mapping[str, Mapping[str, str]]


def load_wording(folder: Path, code: str, model: Sentences, faults: list[Fault]) -> Sentences:
    """What the workflows say in one language: replies, `buttons` and `translations` of forms; empty where there is no file."""
    if not (folder / "wording" / f"{code}.yaml").is_file():
        return {}
    reader = read_document(folder, f"wording/{code}.yaml", faults, "the wording")
    if reader is None:
        return {}
    buttons, translations = texts_of(tables(reader, "buttons")), texts_of(tables(reader, "translations"))
    replies = {key: reader.text(key) for key in reader.names() if key not in ("buttons", "translations")}
    for key, sentence in replies.items():
        expected = model.get("replies", {}).get(key)
        if not well_formed(sentence):
            reader.fault(f"“{key}” is not a sentence with {{places}}; mend its braces", reader.at(key))
        elif model and expected is None:
            reader.fault(f"“{key}” means nothing here; remove it or correct its spelling", reader.at(key))
        elif expected is not None and not places(sentence) <= places(expected):
            reader.fault(f"“{key}” may only use the {{places}} of the English one", reader.at(key))
    return {"replies": replies, "buttons": buttons, "translations": translations}


def with_wording(folder: Path, packaged: Path, language: Language, english: Sentences, faults: list[Fault]) -> Language:
    """A language with what the workflows say in it."""
    own = load_wording(folder, language.code, english, faults) or load_wording(packaged, language.code, english, faults)
    replies = {**english["replies"], **own.get("replies", {}), **language.replies}
    buttons = {**english["buttons"], **own.get("buttons", {}), **language.buttons}
    return replace(language, replies=replies, buttons=buttons, translations={**own.get("translations", {}), **language.translations})


def load_language(reader: Reader) -> Language:
    """One language file."""
    words = {key: reader.texts(key) for key in WORD_LISTS}
    verdicts = verdict_words(reader)
    intents: list[tuple[str, tuple[str, ...]]] = []
    for item in reader.each("intents", "an intent"):
        for intent in item.names():
            intents.append((intent, item.texts(intent)))
    replies = tables(reader, "replies")
    buttons = texts_of(replies.pop("buttons", {}))
    for key, sentence in replies.items():
        if not isinstance(sentence, str) or not well_formed(sentence):
            reader.fault(f"the reply “{key}” is not a sentence with {{places}}; mend its braces", reader.at("replies"))
    language = Language(
        code=reader.text("language"),
        name=reader.text("name"),
        stemmer=stemmer_of(reader),
        word_spaces=reader.text("word_spaces", "true") != "false",
        nouns_capitalised=reader.flag("nouns_capitalised"),
        head_last=reader.flag("head_last"),
        verdicts=verdicts,
        words=words,
        same=texts_of(tables(reader, "same")),
        intents=tuple(intents),
        replies=texts_of(replies),
        buttons=buttons,
        redacted_kinds=texts_of(tables(reader, "redacted_kinds")),
        says=phrases(reader),
        translations=texts_of(tables(reader, "translations")),
    )
    reader.close()
    return language


def stemmer_of(reader: Reader) -> str:
    """How this language's words are made comparable; one of the ways that exist."""
    wanted = reader.text("stemmer", "none")
    if wanted not in (*OWN_STEMMERS, *Stemmer.algorithms()):
        reader.fault(f"“stemmer: {wanted}” is not known; use none, plural s, or a Snowball algorithm such as german", reader.at("stemmer"))
        return "none"
    return wanted


def phrases(reader: Reader) -> dict[str, tuple[str, ...]]:
    """What each id of the policy is called in this language."""
    inside = reader.inside("says", "says")
    if inside is None:
        return {}
    found = {id: inside.texts(id) for id in inside.names()}
    inside.close()
    return found


def verdict_words(reader: Reader) -> dict[Verdict, str]:
    """The first word of an answer, for each verdict."""
    table = texts_of(tables(reader, "verdicts"))
    for verdict in (Verdict.PERMITTED, Verdict.CONDITIONAL, Verdict.PROHIBITED):
        if not table.get(verdict):
            reader.fault(f"“verdicts” needs a word for {verdict}", reader.at("verdicts"))
    return {Verdict(key): word for key, word in table.items() if key in set(Verdict)}


def tables(reader: Reader, key: str) -> dict[str, object]:
    """A mapping under a key, as it stands."""
    node = reader.node(key)
    value = plain(node) if node is not None else {}
    if not isinstance(value, dict):
        reader.fault(f"“{key}” must be a mapping", reader.at(key))
        return {}
    return value


def well_formed(sentence: str) -> bool:
    """Whether the braces of a sentence name places, and nothing else."""
    try:
        return all(place is None or place.isidentifier() for _, place, _, _ in Formatter().parse(sentence))
    except ValueError:
        return False


def places(sentence: str) -> frozenset[str]:
    """The names of the places in a sentence."""
    return frozenset(place for _, place, _, _ in Formatter().parse(sentence) if place)

"""A text → what it asks, without a model: vocabulary, negation, corrections, and doubt where doubt is due.

`Understanding.read` goes through the text once, left to right:

    fold      words made comparable, misspelt ones mended
    find      every phrase of the vocabulary (words/)
    choose    the longest phrase wins where several overlap
    tools     editions, ambiguous words, names that nobody has registered (tools/)
    data      negated and excluded kinds dropped, anonymised ones marked, unknown ones noted (data/)
    uses      those denied or only written about dropped (uses.py)
    intent    what is wanted (words/patterns.py)
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.policy.language import Language
from bot.policy.model import Policy, Tool
from bot.redaction.redact import Redaction
from bot.understanding.data.hear_data import hear_data
from bot.understanding.marks import negated
from bot.understanding.reading import HeardTool, Intent, Reading
from bot.understanding.sentence import Sentence
from bot.understanding.shape import Shape, shape_of
from bot.understanding.tools.hear_tools import hear_tools
from bot.understanding.uses import hear_uses
from bot.understanding.words.lexicon import LONGEST_CLAUSE, Lexicon
from bot.understanding.words.phrases import CONTENT, Heard, Kind
from bot.understanding.words.text import MAX_CHARACTERS, Token
from bot.understanding.words.vocabulary import vocabulary_of

FEW, WORDS_TO_A_STRANGE_ONE = 1, 10  # so many unknown words do not put a Yes in doubt
# Wishes that name no data for a tool; where somebody names both, it is a question about using them.
SEEK_NO_VERDICT = frozenset((Intent.POLICY_LOOKUP, Intent.TRAINING, Intent.STATUS, Intent.ACK, Intent.HELP))
NEAR = 3  # words from the first to the last of a name told the other way round: "the API of our OpenAI"
NAMES_LEAD = ("ai_words", "purpose_leads")  # words behind a name at the beginning: "Framer AI", "Genie for …"
LEADS_ON = (Kind.FOLLOW_UP, Kind.CORRECTION)  # what a message begins with that goes on from the one before: "and …", "sorry, I mean …"
SHORT_FOLLOW_UP = 12  # words
TOOLS = (Kind.TOOL, Kind.KNOWN_TOOL)
SHORT = 4  # words: a greeting is no longer than this


class Understanding:
    """Reads questions in one language against one policy and one state of the register."""

    def __init__(self, policy: Policy, tools: Iterable[Tool], language: Language, redaction: Redaction | None = None) -> None:
        vocabulary = vocabulary_of(language)
        self.lexicon = Lexicon(policy, tools, vocabulary)
        self.language, self.redaction = language, redaction or Redaction((language,))
        self.intents = vocabulary.intents

    def read(self, written: str) -> Reading:
        """What this text asks. Never raises; what it cannot read it leaves to an ask-back or calls out of scope."""
        if len(written) > MAX_CHARACTERS:
            return Reading("", self.language.code, Intent.ASK, too_long=True)
        safe = self.redaction.redact(written)
        sentence = self.sentence(safe.text)
        as_of, unreadable = as_of_date(sentence)
        tools = hear_tools(sentence)
        data, unknown, heads = hear_data(sentence, tools)
        uses = hear_uses(sentence)
        tiers = tuple(dict.fromkeys(heard.id for heard in sentence.of(Kind.TIER) if not negated(sentence, heard)))
        intent = self.intent(sentence, tools, bool(data or unknown), uses, tiers)
        if safe.kinds and intent in (Intent.OUT_OF_SCOPE, Intent.HELP):
            intent = Intent.ASK
        return Reading(
            text=safe.text,
            length=len(sentence.words),
            language=self.language.code,
            intent=intent,
            tools=tools,
            data=data,
            uses=uses,
            tiers=tiers,
            unknown_data=unknown,
            unheard=heads or unheard(sentence, tools),
            secrets=safe.kinds,
            as_of=as_of,
            as_of_unreadable=unreadable,
            follows=any(heard.first == 0 for kind in LEADS_ON for heard in sentence.of(kind)),
        )

    def warm(self) -> None:
        """Make now what is otherwise made at the first unknown word."""
        _ = self.lexicon.spelling

    def shape(self, reading: Reading) -> Shape:
        """The shape of a question that was read."""
        return shape_of(self.sentence(reading.text), reading)

    def sentence(self, text: str) -> Sentence:
        """The text with every phrase of the vocabulary found in it."""
        lexicon = self.lexicon
        folded = lexicon.vocabulary.without_politeness(lexicon.heard(text))
        mended: dict[int, str] = {}
        named = lexicon.known_tools_in(tuple(token.name or token.word for token in folded))
        for at, token in enumerate(folded):
            if at in named or lexicon.known(token.word, token.name) or (better := lexicon.mended(token.word)) is None:
                continue
            names_lead = at + 1 < len(folded) and folded[at + 1].word in lexicon.union(NAMES_LEAD)
            names_lead = names_lead and better in lexicon.lists["ordinary"]
            if better in lexicon.tool_words or not a_name(text, token, at == 0, self.language.nouns_capitalised, names_lead):
                mended[at] = better
        plain = tuple(token.word for token in folded)
        better_words = tuple(mended.get(at, word) for at, word in enumerate(plain))
        names = tuple(lexicon.spelled_as.get(mended[at], mended[at]) if at in mended else token.name or token.word for at, token in enumerate(folded))
        found = lexicon.find(better_words, names, folded)
        found.extend(lexicon.unspaced(text, folded))
        return to_the_point(Sentence(text, folded, better_words, names, frozenset(mended), choose(found, mended), lexicon))

    def intent(self, sentence: Sentence, tools: tuple[HeardTool, ...], data: bool, uses: tuple[str, ...], tiers: tuple[str, ...]) -> Intent:
        """What is wanted. A tool or data with none of the other wishes is a question about using it."""
        symbols, places = sentence.symbols(tool.span for tool in tools)
        known = bool(sentence.of(Kind.TOOL) or sentence.of(Kind.KNOWN_TOOL)) or any(tool.candidates for tool in tools)
        about = bool(tools) or known
        for intent, first, _ in self.intents.matching(symbols):
            if intent is Intent.TOOL_STATUS and (data or uses or tells_more(sentence, tools)):
                continue
            if intent is Intent.DATA_RULE and (about and data) and not tiers:
                continue
            if intent in SEEK_NO_VERDICT and tools and data:
                continue
            if intent is Intent.INCIDENT and asks_afterwards(sentence, places[min(first, len(places) - 1)]):
                continue
            return intent
        if len(symbols) <= SHORT and sentence.of(Kind.HELP) and not (about or data or uses):
            return Intent.HELP
        words = sentence.lexicon.lists
        hint = any(word in words["ai_words"] for word in sentence.words) or bool(sentence.of(Kind.GENERIC_TOOL))
        modal = asks_leave(sentence)
        hint = hint or (modal and any(word in words["ask_hints"] for word in sentence.words))
        if not (known or tiers or hint or moves(sentence)) and sentence.is_in(0, "info_questions"):
            return Intent.ASK if goes_on(sentence) else Intent.OUT_OF_SCOPE
        if known or uses or tiers or hint or (data and (modal or tools)) or (tools and moves(sentence)):
            return Intent.ASK
        return Intent.ASK if goes_on(sentence) or (data and not tools) else Intent.OUT_OF_SCOPE


def goes_on(sentence: Sentence) -> bool:
    """Whether a short text goes on from the question before: "and without the names?", "what about the business edition?"."""
    return len(sentence.words) <= SHORT_FOLLOW_UP and any(heard.first == 0 for heard in sentence.of(Kind.FOLLOW_UP))


def a_name(text: str, token: Token, first: bool, nouns_capitalised: bool, names_lead: bool) -> bool:
    """Whether a capital says that this is a name, not a slip: inside a sentence, or before "AI for …" at its beginning."""
    begins = first or text[: token.start].rstrip(" \"'(")[-1:] in (".", "!", "?", "\n", ":")
    return text[token.start].isupper() and (names_lead or not begins) and not nouns_capitalised and not text.isupper()


def unheard(sentence: Sentence, tools: tuple[HeardTool, ...]) -> tuple[str, ...]:
    """The words that belong to nothing we heard and to no list of ordinary words, where they are too many to pass over.

    A few are the topic of a wiki page or the name of a colleague; with more, we have not understood the question.
    """
    if max(Counter(token.clause for token in sentence.tokens).values(), default=0) > LONGEST_CLAUSE:
        return (sentence.written(len(sentence.tokens) - 1, len(sentence.tokens) - 1),)
    named = {at for tool in tools for at in range(tool.span[0], tool.span[1] + 1)}
    strange = [
        at
        for at, word in enumerate(sentence.words)
        if at not in sentence.covered
        and at not in named
        and len(word) > 2
        and not word.isdecimal()
        and not sentence.lexicon.known(word, sentence.names[at])
    ]
    return tuple(sentence.written(at, at) for at in strange[:1]) if len(strange) > FEW + len(sentence.words) // WORDS_TO_A_STRANGE_ONE else ()


def tells_more(sentence: Sentence, tools: tuple[HeardTool, ...]) -> bool:
    """Whether a task follows the question about a tool's standing: "is X allowed TO read …", "is X ok FOR …"."""
    last = max((tool.span[1] for tool in tools), default=0)
    for at in range(last + 1, len(sentence.words) - 1):
        if not sentence.is_in(at, "purpose_leads"):
            continue
        if sentence.is_in(at + 1, "articles", "determiners"):
            at += 1
        if not sentence.is_in(at + 1, "stop", "purpose_general"):
            return True
    return False


def asks_leave(sentence: Sentence) -> bool:
    """Whether the text asks for leave: "can I", "darf man", いいですか."""
    askers = sentence.lexicon.lists["askers"]
    return any(sentence.is_in(at, "modals") and (not askers or sentence.is_in(at + 1, "askers")) for at in range(len(sentence.words)))


def moves(sentence: Sentence) -> bool:
    """Whether the text has a verb of using or of moving data."""
    return any(sentence.is_in(at, "put", "use_verbs") for at in range(len(sentence.words)))


# What a denial in its room undoes.
ASSERTED = frozenset((Kind.ANONYMISED, Kind.NAMES_REMOVED, Kind.QUALIFIER))
# What a phrase gives way to when it stands inside a longer one. A data phrase inside a use stays ("draft a CONTRACT"):
# dropping it would loosen the verdict. Kinds that are not content may stand inside anything.
GIVES_WAY = {
    **dict.fromkeys(Kind, CONTENT),
    Kind.DATA: CONTENT - {Kind.USE},
    Kind.QUALIFIER: CONTENT - {Kind.DATA},
    Kind.OUTPUT: CONTENT - {Kind.DATA},
    **dict.fromkeys((Kind.TOOL, Kind.KNOWN_TOOL), frozenset((Kind.TOOL, Kind.KNOWN_TOOL, Kind.DATA, Kind.HARMLESS))),
    Kind.NEGATOR: frozenset((Kind.DATA, Kind.ANONYMISED, Kind.PSEUDONYMISED, Kind.USE)),
}


def choose(found: list[Heard], mended: dict[int, str]) -> tuple[Heard, ...]:
    """The phrases that count: a shorter one inside a longer one was not meant, unless both are needed."""
    longer = [heard for heard in found if heard.last > heard.first and heard.kind in CONTENT and not heard.roomy]
    negators = {heard.first: heard.id for heard in found if heard.kind is Kind.NEGATOR}
    kept: dict[Heard, None] = {}
    for heard in found:
        if heard.roomy and heard.kind in ASSERTED and any(negators.get(at, heard.id) not in heard.id for at in range(heard.first + 1, heard.last)):
            continue  # "all names have NOT been removed"
        gives_way = GIVES_WAY[heard.kind]
        if any(other.kind in gives_way and heard.within(other) and not (heard.kind is Kind.TOOL and reaches_around(other)) for other in longer):
            continue
        if mended and any(at in mended for at in range(heard.first, heard.last + 1)):
            heard = heard._replace(corrected=True)
        kept[heard] = None
    return tuple(kept)


def to_the_point(sentence: Sentence) -> Sentence:
    """The sentence without a story told before: "my boss decides on promotions. SOMETHING ELSE: may Claude read the wiki page".

    Only where a tool and data follow, and nothing that points back: "... read IT and the wiki page".
    """
    end = max((mark.last for mark in sentence.of(Kind.ASIDE) if at_an_edge(sentence, mark)), default=-1)
    behind = {one.kind for one in sentence.heard if one.first > end}
    if end < 0 or Kind.DATA not in behind or behind.isdisjoint(TOOLS) or points_back(sentence, end):
        return sentence
    if any(one.kind in TOOLS and one.first <= end for one in sentence.heard) or any(sentence.is_in(at, "modals") for at in range(end)):
        return sentence  # a question of its own goes before: "can the list go into ChatGPT? Another question: …"
    return replace(sentence, heard=tuple(one for one in sentence.heard if one.first > end or one.kind not in (Kind.DATA, Kind.USE)))


def at_an_edge(sentence: Sentence, mark: Heard) -> bool:
    """Whether a phrase begins or ends a part of a sentence: "SOMETHING ELSE: may …", not "the contract or something else like it"."""
    begins = mark.first == 0 or sentence.tokens[mark.first - 1].part != sentence.tokens[mark.first].part
    ends = mark.last + 1 == len(sentence.tokens) or sentence.tokens[mark.last + 1].part != sentence.tokens[mark.last].part
    return begins or ends


def points_back(sentence: Sentence, end: int) -> bool:
    """Whether a pronoun stands by itself behind this word, before any data: "read IT and …", "it goes into THAT?"."""
    data = min((heard.first for heard in sentence.of(Kind.DATA) if heard.first > end), default=len(sentence.words))
    return any(
        sentence.is_in(at, "pronouns", "determiners")
        and not (sentence.is_in(at - 1, "modals") or sentence.is_in(at + 1, "modals"))
        and (sentence.tokens[at].part != sentence.tokens[at + 1].part or sentence.is_in(at + 1, "and_words", "put"))
        for at in range(end + 1, data)
    )


def reaches_around(heard: Heard) -> bool:
    """Whether the words of a phrase stand so far apart that a tool's name between them is meant by itself."""
    return heard.loose and (heard.kind is Kind.DATA or heard.last - heard.first > NEAR)


def asks_afterwards(sentence: Sentence, first: int) -> bool:
    """Whether a question follows what was told, and the tool comes only in the question: "we uploaded it; can I …?"."""
    askers = sentence.lexicon.lists["askers"]
    for at in range(first + 1, len(sentence.words)):
        if sentence.is_in(at, "modals") and (not askers or sentence.is_in(at + 1, "askers")):
            return not any(heard.first < at for heard in sentence.of(Kind.TOOL))
    return False


def as_of_date(sentence: Sentence) -> tuple[date | None, bool]:
    """The date after "as of", and whether something else stood there."""
    if not (marks := sentence.of(Kind.AS_OF)):
        return None, False
    for heard in reversed(marks):
        rest = sentence.text[sentence.tokens[heard.last].end :].strip().rstrip("?.! ")
        try:
            return date.fromisoformat(rest), False
        except ValueError:
            if rest[:1].isdigit():
                return None, True
    return None, False

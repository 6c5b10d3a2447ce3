"""Data that words around it make milder: "the PUBLISHED price list", "the code is OPEN SOURCE", "it has been on our website since May"."""

from bot.understanding.marks import before_determiners, negated
from bot.understanding.sentence import Sentence
from bot.understanding.words.phrases import Heard, Kind

LINKS = 8  # words between data and what qualifies it: "prices that the ministry has put ON ITS WEBSITE"
DOUBT_REACH = 8  # words from a doubt to data: "WE ARE GOING to put on our website, when it is done, the list"
AFTERTHOUGHT = 2  # sentences from what is named to what is said of it
COMPLEMENT = 5  # words of what data belongs to: "the source code OF OUR OLD PLUGIN"


def qualified(sentence: Sentence, heard: Heard, meant: list[Heard]) -> bool:
    """Whether words beside the data say that it is of a milder class: "PUBLISHED price list", "the code is OPEN SOURCE".

    This holds for papers, the milder half of an organization's classes; data about people stays what it is.
    """
    order = sentence.lexicon.order
    if heard.id not in sentence.lexicon.papers or not sentence.of(Kind.QUALIFIER):
        return False
    clause = sentence.tokens[heard.first].clause
    if qualifying_doubt(sentence, heard):
        return False
    for mark in sentence.of(Kind.QUALIFIER):
        own = next((other for other in meant if other.first <= mark.first and mark.last <= other.last), None)
        if own is None or own.id not in order or order.index(own.id) >= order.index(heard.id) or negated(sentence, mark):
            continue
        if another_publication(sentence, mark, heard):
            continue
        if right_before(sentence, mark, heard) or (mark.first > heard.last and describes(sentence, said_behind(sentence, heard, mark, own), clause)):
            return True
        copula = sentence.is_in(mark.first - 1, "standing_leads") and not sentence.is_in(mark.first - 2, "stop")
        predicate = mark.roomy or copula
        if predicate and mark.first > heard.last and describes(sentence, behind_a_complement(sentence, heard, mark), clause):
            return True
        if said_of_it(sentence, mark, own, heard, meant) or (heard.within(mark) and told_in(sentence, mark, heard)):
            return True
    return False


def qualifying_doubt(sentence: Sentence, heard: Heard) -> bool:
    """Whether the clause of this data says that something is still to come: "SOON published", "the list we POST on …", not "can I POST the list"."""
    clause = sentence.tokens[heard.first].clause
    sure = {at for mark in sentence.of(Kind.QUALIFIER) for at in sentence.own(mark)}
    near = range(max(0, heard.first - DOUBT_REACH), len(sentence.tokens))
    return any(
        token.clause == clause
        and at in near
        and at not in sure
        and sentence.is_in(at, "qualifying_doubts")
        and not (at < heard.first and sentence.is_in(at, "put"))
        for at, token in enumerate(sentence.tokens)
    )


def said_of_it(sentence: Sentence, mark: Heard, own: Heard, heard: Heard, meant: list[Heard]) -> bool:
    """Whether a later sentence says nothing but that the one thing named is public: "the price list into Claude? IT'S PUBLISHED ANYWAY"."""
    part, clause = sentence.tokens[mark.first].part, sentence.tokens[mark.first].clause
    if part == sentence.tokens[heard.first].part or abs(clause - sentence.tokens[heard.first].clause) > AFTERTHOUGHT:
        return False
    inside = [at for at, token in enumerate(sentence.tokens) if token.part == part]
    if qualifying_doubt(sentence, mark) or sentence.is_in(inside[0], "modals") or sentence.tokens[mark.last].part != part:
        return False
    others = [other for other in meant if not other.overlaps(own)]
    if any(sentence.tokens[other.first].part == part for other in others):
        return False
    small = all(own.first <= at <= own.last or sentence.is_in(at, "qualifier_links", "pronouns", "stop", "articles") for at in inside)
    alone = all(other.overlaps(heard) or same_words(sentence, other, heard) for other in others)
    return mark.first > heard.last and alone and small and sentence.denying.isdisjoint(inside)


def another_publication(sentence: Sentence, mark: Heard, heard: Heard) -> bool:
    """Whether a qualifier is what a paper of its own is called, beside the data: "our roadmap, BBC ARTICLE", "our roadmap & PUBLIC docs"."""
    if mark.overlaps(heard):
        return False
    beside = mark.last + 1 if sentence.lexicon.language.head_last else mark.first - 1
    described = sentence.is_in(beside, "publications") and not heard.first <= beside <= heard.last
    front = sentence.lexicon.language.word_spaces and sentence.is_in(mark.first, "publications")
    own = front or (sentence.is_in(mark.last, "publications") and not sentence.is_in(mark.first, "stop"))
    return own or (described and sentence.tokens[beside].part == sentence.tokens[mark.first].part)


def said_again(sentence: Sentence, heard: Heard, other: Heard) -> bool:
    """Whether this is what was said to be of a milder class before or after: "our code is open source. May THE CODE go in?", not "the NEW code"."""
    if heard == other or heard.id != other.id or not same_words(sentence, heard, other):
        return False
    before = before_determiners(sentence, heard.first)
    begins = before < 0 or sentence.tokens[before].part != sentence.tokens[heard.first].part
    return begins or sentence.is_in(before, "stop", "put", "slot", "modals", "source_leads")


def points_to_public(sentence: Sentence, heard: Heard, meant: list[Heard], milder: list[Heard]) -> bool:
    """Whether this points back to the one thing that was said to be public: "our SDK is open source on GitHub. May THAT CODE go in?".

    Only for code: what is "open source" is code, whatever it was called before; "that contract" is something else.
    """
    own = range(heard.first, heard.last + 1)
    pointed = any(sentence.is_in(at, "pointing") for at in (heard.first - 1, *own)) and any(sentence.is_in(at, "code_words") for at in own)
    if heard.id not in sentence.lexicon.papers or not pointed:
        return False
    before = [mark for mark in sentence.of(Kind.QUALIFIER) if sentence.tokens[mark.last].clause < sentence.tokens[heard.first].clause]
    if any(sentence.is_in(at, "use_verbs") for at in range(heard.first - 1)) or sentence.is_in(heard.last + 1, "source_leads", "pronouns"):
        return False  # "we use a library from GitHub. May this script of mine …"
    if not any(sentence.is_in(at, "open_code") for mark in before for at in range(mark.first, mark.last + 1)):
        return False
    begins = next(at for at, token in enumerate(sentence.tokens) if token.clause == sentence.tokens[before[0].first].clause)
    if not sentence.is_in(begins, "determiners") or sentence.is_in(begins, "articles"):
        return False  # "OUR SDK is open source", not "React is open source"
    told = range(before[0].first, heard.first)
    if not sentence.denying.isdisjoint(told) or any(negated(sentence, mark) or qualifying_doubt(sentence, mark) for mark in before):
        return False
    earlier = (other for other in meant if other.last < heard.first and other not in milder)
    return all(any(other.overlaps(mark) for mark in before) for other in earlier)


def same_words(sentence: Sentence, one: Heard, other: Heard) -> bool:
    """Whether two phrases are said in the same words."""
    return sentence.words[one.first : one.last + 1] == sentence.words[other.first : other.last + 1]


def told_in(sentence: Sentence, mark: Heard, heard: Heard) -> bool:
    """Whether data stands in the room of a statement as what was made public: "my boss presented THE ROADMAP at a conference"."""
    rest = (at for at in range(mark.first, mark.last + 1) if not heard.first <= at <= heard.last)
    return mark.roomy and not any(at in sentence.denying or sentence.is_in(at, "put", "and_words") for at in rest)


def right_before(sentence: Sentence, mark: Heard, heard: Heard) -> bool:
    """Whether a qualifier stands right before data, but for a name: "OPEN SOURCE express repo"."""
    between = range(mark.last + 1, heard.first)
    strange = all(at not in sentence.covered and not sentence.lexicon.known(sentence.words[at], sentence.names[at]) for at in between)
    return mark.last < heard.first and len(between) <= 1 and strange and sentence.tokens[mark.last].part == sentence.tokens[heard.first].part


def said_behind(sentence: Sentence, heard: Heard, mark: Heard, own: Heard) -> range:
    """The words between data and a qualifier, without the article with which a whole statement begins: "the drawings THE council put on display"."""
    if own.overlaps(heard):
        return range(0)
    return range(heard.last + 1, mark.first - (mark.roomy and sentence.is_in(mark.first - 1, "articles")))


def behind_a_complement(sentence: Sentence, heard: Heard, mark: Heard) -> range:
    """The words between data and a qualifier without what the data belongs to: "the source code OF THE PLUGIN, we put it on GitHub"."""
    at = heard.last + 1
    if sentence.is_in(at, "source_leads", "unit_links"):
        at += 1
        while at < mark.first and at < heard.last + COMPLEMENT and sentence.tokens[at].part == sentence.tokens[heard.last].part:
            at += 1
    return range(at, mark.first)


def describes(sentence: Sentence, between: range, clause: int) -> bool:
    """Whether the words between data and a qualifier let the one describe the other: "that the ministry has already", not "for our"."""
    return len(between) <= LINKS and all(
        at not in sentence.covered
        and sentence.tokens[at].clause == clause
        and at not in sentence.denying
        and (sentence.is_in(at, "qualifier_links") or not sentence.is_in(at, "stop", "put", "slot", "and_words", "or_words", "modals"))
        for at in between
    )

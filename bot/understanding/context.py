"""Data that is named and yet not put in: what comes out, who is addressed, a team's name, a topic, what a milder word qualifies."""

from bot.understanding.marks import before_determiners, linked, negated
from bot.understanding.phrases import Heard, Kind
from bot.understanding.sentence import Sentence

LINKS = 8  # words between data and what qualifies it: "prices that the ministry has put ON ITS WEBSITE"
DOUBT_REACH = 8  # words from a doubt to data: "WE ARE GOING to put on our website, when it is done, the list"
AFTERTHOUGHT = 2  # sentences from what is named to what is said of it
COMPLEMENT = 5  # words of what data belongs to: "the source code OF OUR OLD PLUGIN"
MADE_REACH = 5  # words between what is made and "based on": "a post FOR THE BLOG BASED ON"
DESTINATION_REACH = 2  # words between "for" and where something goes, beside "the": "for our NEXT team meeting"
TITLE_REACH = 3  # words between a paper and its title: "a film script CALLED “Confidential”"
CHAPTER_REACH = 20  # words between a paper and its chapter: "the report on their website. I only need THE CHAPTER ON profit"
TOPIC_REACH = 5  # words between a paper and its topic: "the wiki page on HOW TO RAISE A purchase order"
LONGEST_OF_A_UNIT = 2  # words after the first in what a team is called by


def put_in(sentence: Sentence, meant: list[Heard]) -> list[Heard]:
    """The data that goes in, of all the data named."""
    several = len({(heard.first, heard.last) for heard in meant}) > 1
    milder = [heard for heard in meant if qualified(sentence, heard, meant)]
    kept = [heard for heard in meant if heard not in milder and not (several and comes_out(sentence, heard))]
    kept = [heard for heard in kept if not any(said_again(sentence, heard, other) for other in milder)]
    kept = [heard for heard in kept if not points_to_public(sentence, heard, meant, milder)]
    kept = [heard for heard in kept if not of_a_unit(sentence, heard)]
    kept = [heard for heard in kept if not made_from(sentence, heard, kept)]
    topics = [heard for heard in kept if any(topic_of(sentence, heard, other) for other in kept)]
    kept = [heard for heard in kept if heard not in topics and not any(bound_for(sentence, heard, other) for other in kept)]
    return [heard for heard in kept if not any(in_one_list(sentence, topic, heard) for topic in topics)]


def in_one_list(sentence: Sentence, topic: Heard, heard: Heard) -> bool:
    """Whether a paper is about this as well as about what is named before: "the part on profit AND PAY"."""
    one_part = sentence.tokens[topic.last].part == sentence.tokens[heard.first].part
    return topic.last < heard.first and one_part and linked(sentence, [topic, heard])


def topic_of(sentence: Sentence, heard: Heard, paper: Heard) -> bool:
    """Whether this is what a paper is about, not what is in it: "the guide on how to raise PURCHASE ORDERS", "the published post on SALARIES".

    What is published may be about anything. Behind "how to", a paper of instructions too; behind "about" only what no such
    paper holds: people's data, and prohibited inputs.
    """
    order, milder = sentence.lexicon.order, sentence.lexicon.papers
    if paper is not heard and paper.id == order[0] and published_about(sentence, paper, heard):
        return True
    if paper is not heard and paper.id in milder and rules_only(sentence, paper, heard):
        return True
    if paper is heard or paper.id not in milder or heard.id in order[: order.index(paper.id) + 1]:
        return False
    if titled(sentence, paper, heard):
        return True
    if not any(sentence.is_in(at, "instructions") for at in range(paper.first, paper.last + 1)):
        return False
    if paper.last < heard.first:
        between = range(paper.last + 1, heard.first)
        open_way = all(at not in sentence.covered and sentence.tokens[at].part == sentence.tokens[paper.last].part for at in between)
        if not open_way or len(between) > TOPIC_REACH or any(sentence.is_in(at, "and_words") for at in between):
            return False
        if any(how.first in between for how in sentence.of(Kind.HOW_TO)) or any(
            paper.last in (how.first, how.last) for how in sentence.of(Kind.HOW_TO)
        ):
            return True
        return heard.id not in milder and sentence.is_in(between[0] if between else -1, "topic_links")
    front = sentence.lexicon.language.head_last and heard.last + 1 <= paper.first <= heard.last + 2 and heard.id not in milder
    return front and sentence.tokens[heard.last].part == sentence.tokens[paper.first].part


def rules_only(sentence: Sentence, paper: Heard, heard: Heard) -> bool:
    """Whether a paper of instructions is about this and has none of it inside: "the wiki page with our PASSWORD rules, no real password in it"."""
    if not paper.last < heard.first or sentence.tokens[paper.last].clause != sentence.tokens[heard.first].clause:
        return False
    between = range(paper.last + 1, heard.first)
    tells_how = any(how.first in between for how in sentence.of(Kind.HOW_TO))
    if len(between) > TOPIC_REACH or any(at in sentence.denying or sentence.is_in(at, "and_words") for at in between[1:]):
        return False
    holds = bool(between) and sentence.is_in(between[0], "and_words")  # "the wiki page WITH our passwords" has them inside
    rules = (heard.last, heard.last + 1) if holds else (*range(paper.first, heard.first), heard.last, heard.last + 1)
    if not any(sentence.is_in(at, "instructions") for at in rules) or (not tells_how and any(sentence.is_in(at, "put") for at in between)):
        return False
    without = any(other.id == heard.id and negated(sentence, other) for other in sentence.of(Kind.DATA))
    people = heard.id not in sentence.lexicon.papers
    return without or (people and any(not negated(sentence, mark) for mark in sentence.of(Kind.BEYOND_DOUBT)))


def titled(sentence: Sentence, paper: Heard, heard: Heard) -> bool:
    """Whether this stands in the title of a paper that is public or of instructions: "the guide “ANNOUNCING A SICK LEAVE”"."""
    title = next(((first, last) for first, last in sentence.quoted if first <= heard.first and heard.last <= last), None)
    if title is None or title[0] <= paper.first <= title[1]:
        return False
    between = range(paper.last + 1, title[0]) if paper.last < title[0] else range(title[1] + 1, paper.first)
    if len(between) > TITLE_REACH or any(at in sentence.covered or sentence.is_in(at, "and_words", "put") for at in between):
        return False
    if paper.id == sentence.lexicon.order[0]:
        return not qualifying_doubt(sentence, paper)
    return any(sentence.is_in(at, "instructions") for at in range(paper.first, paper.last + 1))


def published_about(sentence: Sentence, paper: Heard, heard: Heard) -> bool:
    """Whether a paper said to be published is about this, or has it in a chapter: "the PUBLISHED report, above all the part on PROFIT"."""
    if not paper.last < heard.first or not published(sentence, paper):
        return False
    link = before_determiners(sentence, heard.first)
    chapter = link if sentence.is_in(link, "parts") else link - 1
    between = range(paper.last + 1, heard.first)
    if chapter in between and sentence.is_in(chapter, "parts"):
        joined = sentence.is_in(before_determiners(sentence, chapter), "and_words", "or_words")
        others = any(other.id != paper.id and other.first in between for other in sentence.of(Kind.DATA))
        return not joined and not others and len(between) <= CHAPTER_REACH and not doubted_in_its_part(sentence, paper)
    if qualifying_doubt(sentence, paper):
        return False
    if not 0 < len(between) <= TOPIC_REACH or not (sentence.is_in(between[0], "topic_links") or sentence.is_in(link, "topic_links")):
        return False
    if any(at in sentence.covered or sentence.is_in(at, "and_words", "put") for at in between):
        return False
    return sentence.tokens[paper.last].part == sentence.tokens[heard.first].part


def doubted_in_its_part(sentence: Sentence, paper: Heard) -> bool:
    """Whether a doubt stands beside a paper: "the SOON published report, chapter on profit"."""
    part = sentence.tokens[paper.first].part
    own = {at for mark in sentence.of(Kind.QUALIFIER) for at in sentence.own(mark)}
    inside = (at for at, token in enumerate(sentence.tokens) if token.part == part and at not in own)
    return any(sentence.is_in(at, "qualifying_doubts") and not (at < paper.first and sentence.is_in(at, "put")) for at in inside)


def published(sentence: Sentence, paper: Heard) -> bool:
    """Whether a paper is said to be published, in its own words or right behind."""
    clause = sentence.tokens[paper.first].clause
    marks = (mark for mark in sentence.of(Kind.QUALIFIER) if not negated(sentence, mark))
    return any(
        (paper.first <= mark.first and mark.last <= paper.last)
        or (mark.first > paper.last and describes(sentence, range(paper.last + 1, mark.first), clause))
        for mark in marks
    )


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


def bound_for(sentence: Sentence, heard: Heard, other: Heard) -> bool:
    """Whether this is where the result goes, behind the data itself: "turn the press release into text for the TEAM MEETING", "for our CLIENTS"."""
    order = sentence.lexicon.order
    people = heard.first == heard.last and sentence.is_in(heard.first, "people_words")
    if not (people or heard.id in order[1 : len(order) // 2]) or other.last >= heard.first:
        return False
    if sentence.tokens[other.last].clause != sentence.tokens[heard.first].clause:
        return False
    for at in range(heard.first - 1, max(other.last, heard.first - 2 - DESTINATION_REACH), -1):
        if sentence.is_in(at, "destination_leads"):
            return True
        if (
            at in sentence.covered
            or not sentence.is_in(at, "determiners", "ordinary", "units")
            or at in sentence.denying
            or sentence.is_in(at, "put")
        ):
            return False
    return False


def comes_out(sentence: Sentence, heard: Heard) -> bool:
    """Whether this is what is to be made, not what goes in: "make SLIDES out of the press release", "a POSTER FOR THE CANTEEN"."""
    milder = sentence.lexicon.everyday
    outputs = any(
        other.first <= heard.first and (heard.last <= other.last or (other.first == heard.first and heard.id in milder))
        for other in sentence.of(Kind.OUTPUT)
    )
    return outputs and sentence.is_in(before_determiners(sentence, heard.first), "output_leads")


def made_from(sentence: Sentence, heard: Heard, meant: list[Heard]) -> bool:
    """Whether this paper is to be made of other data: "a DRAFT based on our press releases"; the sources go in, not the draft."""
    if heard.id not in sentence.lexicon.papers:
        return False
    for mark in sentence.of(Kind.MADE_FROM):
        behind = [other for other in meant if other.first > mark.last]
        before = [other for other in meant if other.last < mark.first]
        made, sources = (before, behind) if sentence.lexicon.language.word_spaces else (behind, before)
        one_clause = all(sentence.tokens[other.first].clause == sentence.tokens[mark.first].clause for other in (heard, *sources[:1]))
        gap = mark.first - heard.last if heard.last < mark.first else heard.first - mark.last
        if heard in made and sources and one_clause and gap <= MADE_REACH:
            return True
    return False


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
        predicate = mark.roomy or sentence.is_in(mark.first - 1, "qualifier_links")
        if predicate and mark.first > heard.last and describes(sentence, behind_a_complement(sentence, heard, mark), clause):
            return True
        if said_of_it(sentence, mark, own, heard, meant) or (heard.within(mark) and told_in(sentence, mark, heard)):
            return True
    return False


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
    if not any(sentence.is_in(at, "open_code") for mark in before for at in range(mark.first, mark.last + 1)):
        return False
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


def of_a_unit(sentence: Sentence, heard: Heard) -> bool:
    """Whether this only says who they are: "the rota of the CUSTOMER SERVICE team", "el comité de SALARIOS"."""
    if heard.id in sentence.lexicon.everyday or heard.last - heard.first > LONGEST_OF_A_UNIT:
        return False
    if heard.first == heard.last and sentence.is_in(heard.first, "workplaces") and colleague(sentence, heard):
        return True
    if sentence.is_in(heard.last + 1, "units") and sentence.tokens[heard.last + 1].part == sentence.tokens[heard.last].part:
        return True
    before = before_determiners(sentence, heard.first)
    return sentence.is_in(before, "unit_links") and sentence.is_in(before - 1, "units")


def colleague(sentence: Sentence, heard: Heard) -> bool:
    """Whether this is where somebody works who asks: "Jasper from ACCOUNTING asks", not "the numbers from accounting"."""
    before = (heard.first - 1, heard.first - 2, heard.first - 3)
    named = any(tool.last in before for tool in sentence.of(Kind.TOOL)) or any(sentence.is_in(at, "people_words") for at in before)
    return named and sentence.is_in(heard.first - 1, "stop") and sentence.is_in(heard.last + 1, "person_verbs")


def a_person_addressed(sentence: Sentence, heard: Heard) -> bool:
    """Whether "customer" is the one written to ("reply to a customer"), not the data."""
    if heard.first != heard.last or not sentence.is_in(heard.first, "people_words"):
        return False
    return any(heard.within(use) for use in sentence.of(Kind.USE))

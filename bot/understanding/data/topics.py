"""What a paper is about, which is not in it: "the guide on how to raise PURCHASE ORDERS", "the published report, part on PROFIT"."""

from bot.understanding.data.qualified import describes, qualifying_doubt
from bot.understanding.marks import before_determiners, linked, negated
from bot.understanding.sentence import Sentence
from bot.understanding.words.phrases import Heard, Kind

TITLE_REACH = 3  # words between a paper and its title: "a film script CALLED “Confidential”"
CHAPTER_REACH = 20  # words between a paper and its chapter: "the report on their website. I only need THE CHAPTER ON profit"
TOPIC_REACH = 5  # words between a paper and its topic: "the wiki page on HOW TO RAISE A purchase order"


def in_one_list(sentence: Sentence, topic: Heard, heard: Heard) -> bool:
    """Whether a paper is about this as well as about what is named before: "the part on profit AND PAY"."""
    alike = topic.id == heard.id and not sentence.is_in(heard.first - 1, "determiners")
    one_part = sentence.tokens[topic.last].part == sentence.tokens[heard.first].part
    return topic.last < heard.first and alike and one_part and linked(sentence, [topic, heard])


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
    same = [other for other in sentence.of(Kind.DATA) if other.id == heard.id and not other.overlaps(heard)]
    without = bool(same) and all(negated(sentence, other) for other in same)
    people = heard.id not in sentence.lexicon.papers
    return without or (people and any(not negated(sentence, mark) for mark in sentence.of(Kind.BEYOND_DOUBT)))


def titled(sentence: Sentence, paper: Heard, heard: Heard) -> bool:
    """Whether this stands in the title of a paper that is public or of instructions: "the guide “ANNOUNCING A SICK LEAVE”"."""
    title = next(((first, last) for first, last in sentence.quoted if first <= heard.first and heard.last <= last), None)
    if title is None or title[0] <= paper.first <= title[1]:
        return False
    behind = paper.last < title[0]
    if not behind and sentence.lexicon.language.word_spaces:
        return False  # "the “salary list” by our guide"
    between = range(paper.last + 1, title[0]) if behind else range(title[1] + 1, paper.first)
    leads = ("and_words", "put", "slot", "weak_slots", "purpose_leads", "destination_leads", "topic_links")
    if len(between) > TITLE_REACH or any(at in sentence.covered or (behind and sentence.is_in(at, *leads)) for at in between):
        return False
    if paper.id == sentence.lexicon.order[0]:
        return not qualifying_doubt(sentence, paper)
    return any(sentence.is_in(at, "instructions") for at in range(paper.first, paper.last + 1))


def published_about(sentence: Sentence, paper: Heard, heard: Heard) -> bool:
    """Whether a paper said to be published is about this, or has it in a chapter: "the PUBLISHED report, above all the part on PROFIT"."""
    if not paper.last < heard.first or not published(sentence, paper):
        return False
    link = before_determiners(sentence, heard.first)
    chapter = link if sentence.is_in(link, "chapters") else link - 1
    between = range(paper.last + 1, heard.first)
    if chapter in between and sentence.is_in(chapter, "chapters") and sentence.tokens[paper.last].clause == sentence.tokens[heard.first].clause:
        asked = any(sentence.is_in(at, "modals", "put") and not sentence.is_in(at, "chapters") for at in between)
        joined = sentence.is_in(before_determiners(sentence, chapter), "and_words", "or_words")
        others = any(other.id != paper.id and other.first in between for other in sentence.of(Kind.DATA))
        return not (joined or others or asked) and len(between) <= CHAPTER_REACH and not doubted_in_its_part(sentence, paper)
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

"""Data that is named and yet not put in: what comes out, who is addressed, a team's name, a topic, what a milder word qualifies."""

from bot.understanding.data.qualified import points_to_public, qualified, said_again
from bot.understanding.data.topics import in_one_list, topic_of
from bot.understanding.marks import before_determiners
from bot.understanding.sentence import Sentence
from bot.understanding.words.phrases import Heard, Kind

MADE_REACH = 5  # words between what is made and "based on": "a post FOR THE BLOG BASED ON"
DESTINATION_REACH = 2  # words between "for" and where something goes, beside "the": "for our NEXT team meeting"
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

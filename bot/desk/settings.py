"""A person's own settings: where they are written to, and who decides for them while they are away."""

from datetime import date, timedelta

from bot.answers.cards import text_card
from bot.case.base import Actor, Refused
from bot.desk.forms import Done
from bot.engine.ports import Happened, Unit, Work
from bot.engine.records import StandInWrite
from bot.engine.turn import Pressed
from bot.engine.world import World
from bot.ui.card import Button, Card, Heading, Paragraph, Span, plain
from bot.ui.form import Answers

LONGEST_ABSENCE = timedelta(days=365)
LAST = ""  # the platform used last


async def settings_card(work: Work, world: World, person: str, platforms: frozenset[str]) -> Card:
    """Where somebody is written to, and who stands in for them."""
    say = world.say()
    around = await work.around(frozenset((person,)), platforms)
    wish, known = around.preferences.get(person, ""), around.known
    away = known.stand_ins.get(person)
    where = say.spans("settings_platform", platform=wish.capitalize()) if wish else say.spans("settings_platform_last")
    stands = (
        say.spans("settings_stand_in", person=known.name(away.stand_in), since=away.since.isoformat(), until=away.until.isoformat())
        if away
        else say.spans("settings_stand_in_none")
    )
    wishes = (*sorted(platforms), LAST) if len(platforms) > 1 else ()
    buttons = [Button(say.button(f"prefer_{name or 'last'}"), "prefer", name) for name in wishes if name != wish]
    buttons.append(Button(say.button("end_stand_in"), "end_stand_in", "") if away else Button(say.button("stand_in"), "stand_in", "", opens=True))
    title = say.text("settings_title")
    lines: tuple[tuple[Span, ...], ...] = (where, stands)
    return Card("\n".join([title, *(plain(line) for line in lines)]), (Heading(title), *(Paragraph(line) for line in lines)), tuple(buttons))


async def set_stand_in(work: Work, by: Actor, answers: Answers, world: World, unit: Unit) -> Done:
    """Let somebody decide for this person between two days."""
    found = await work.find_person(answers["to"][0])
    since, until = (date.fromisoformat(answers[key][0]) for key in ("since", "until"))
    if found is None or found.email == by.person:
        return Done(Refused("req_nobody", {"person": answers["to"][0]}))
    if until < since or until - since > LONGEST_ABSENCE:
        return Done(Refused("req_days_reversed"))
    unit.stand_ins.append(StandInWrite(by.person, found.email, since, until))
    unit.events.append(Happened("StandInSet", "", by.account, {"since": str(since), "until": str(until)}, f"{by.person} → {found.email}"))
    return Done(card=text_card([world.say().spans("settings_saved")]))


def settle(pressed: Pressed, person: str, account: str, platforms: frozenset[str], unit: Unit) -> None:
    """What a button of the settings does."""
    if pressed.action == "end_stand_in":
        unit.stand_ins.append(StandInWrite(person, ""))
        unit.events.append(Happened("StandInEnded", "", account))
    elif pressed.ref in (*platforms, LAST):
        unit.preferences[person] = pressed.ref

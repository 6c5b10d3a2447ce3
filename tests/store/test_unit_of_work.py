"""What every unit of work owes its users, on SQLite and PostgreSQL."""

import asyncio
import contextlib
import gc
import weakref
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from bot.case.codec import UnknownShape
from bot.engine.codecs import CARDS
from bot.engine.ports import Account, Happened, NotSaved, Reason, Repeat, Stale, Standing, StoredReceipt, Unanswered, UnansweredCount, Unit, Want
from bot.policy.load import PACKAGED, Content, load_content
from bot.policy.model import Status, Tool
from bot.ui.card import Card, Heading
from store.migrate import HEAD, Schema, schema_of, upgrade
from store.queries import ChangedContent
from store.store import Store
from store.tables import DELIVERY, EVENT, OUTBOX, RECEIPT
from store.unit_of_work import Late, Waiting
from tests.harness import put_tools

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
CARD = Card("Hello", (Heading("Hello"),))


def receipt(id: str, **more: object) -> StoredReceipt:
    """A receipt."""
    values: dict[str, object] = {"at": NOW, "account": "slack:T:U", "intent": "ask", "verdict": "permitted", "policy_version": "1.0"}
    return StoredReceipt(**{"id": id, **values, "register_version": 1, "conversation": "c", "record": "{}", "words": "{}", **more})  # type: ignore[arg-type]


async def count(store: Store, table: object) -> int:
    """How many rows a table has."""
    statement = select(func.count()).select_from(table)  # type: ignore[arg-type]
    return int(await store.database.read(lambda connection: connection.execute(statement).scalar_one()))


def soon() -> float:
    """A deadline far enough away."""
    return asyncio.get_running_loop().time() + 20


async def test_a_unit_is_kept_whole(store: Store) -> None:
    """Receipt, event, account and card are there after the commit."""
    account = Account("slack:T:U", "slack", Standing.MEMBER, NOW, NOW, "ann@example.com", "Ann", "{}")
    unit = Unit("k", "reply", NOW, {}, [receipt("RCP-1")], [account], [Want("slack", "{}", "RCP-1", CARD)], [Happened("X", "r", detail="text")])

    assert await store.commit(unit, soon()) is None

    assert await store.account("slack:T:U") == account
    assert (await store.receipt("RCP-1")) == receipt("RCP-1")
    assert [await count(store, table) for table in (DELIVERY, EVENT, OUTBOX)] == [1, 1, 1]


async def test_what_got_no_verdict_is_counted_by_its_shape(store: Store) -> None:
    """The most frequent first; what differs in its shape is counted apart."""
    often, once = Unanswered(Reason.ASKED_BACK, "en", "can i put … into {tool}", "florbs"), Unanswered(Reason.TOOL, "", "", "Snorkelwriter")

    for number, found in enumerate((often, once, often)):
        await store.commit(Unit(f"k{number}", at=NOW + timedelta(minutes=number), unanswered=[found]), soon())

    counted = await store.unanswered()
    assert [(row.reason, row.lacking, row.count) for row in counted] == [(Reason.ASKED_BACK, "florbs", 2), (Reason.TOOL, "Snorkelwriter", 1)]
    assert isinstance(counted[0], UnansweredCount)


async def test_a_unit_that_is_refused_keeps_nothing_and_spoils_no_neighbour(store: Store) -> None:
    """One receipt id twice is refused; the nine others committed with it stand. n = 10, at the same time."""
    units = [Unit(f"k{number}", receipts=[receipt("RCP-SAME" if number < 2 else f"RCP-{number}")]) for number in range(10)]

    ended = await asyncio.gather(*(store.commit(unit, soon()) for unit in units), return_exceptions=True)

    assert sum(isinstance(end, Exception) for end in ended) == 1
    assert await count(store, RECEIPT) == 9
    assert await count(store, DELIVERY) == 9


async def test_a_key_is_claimed_once_however_many_try(store: Store) -> None:
    """S12: n = 60 at the same time; one writes, the others get its answer. Mutation: drop `on_conflict_do_nothing`."""
    units = [Unit("same", f"answer {number}", receipts=[receipt(f"RCP-{number}")]) for number in range(60)]

    ended = await asyncio.gather(*(store.commit(unit, soon()) for unit in units))

    winners = [unit for unit, end in zip(units, ended, strict=True) if end is None]
    assert len(winners) == 1
    assert {end.reply for end in ended if end} == {winners[0].reply}
    assert await count(store, RECEIPT) == 1


async def test_a_turn_that_rests_on_an_old_version_is_refused(store: Store, content: Content) -> None:
    """The register changes between reading and commit: nothing is written. Mutation: return `winners` unchecked in `_admit`."""
    await store.take_over(content, NOW)
    before = await store.versions()
    await put_tools(store, Tool("New", "tier1"))

    with pytest.raises(Stale):
        await store.commit(Unit("k", expects=before, receipts=[receipt("RCP-1")]), soon())

    assert await count(store, DELIVERY) == 0
    assert await store.commit(Unit("k", expects=await store.versions()), soon()) is None


class Marked(dict[str, int]):
    """Versions of which one can tell whether anybody still holds them."""


async def test_a_refused_turn_is_let_go_at_once(store: Store) -> None:
    """S79: a busy register refuses turns all day; each held its whole world until a collection. Mutation: drop `del waiting`."""

    async def refused() -> "weakref.ref[Marked]":
        versions = Marked(policy=99)
        with contextlib.suppress(Stale):
            await store.commit(Unit("k", expects=versions), soon())
        return weakref.ref(versions)

    gc.disable()
    try:
        held = await refused()
        for _ in range(100):  # a worker thread lets go of its work a moment later
            await asyncio.sleep(0.01)
            if held() is None:
                break
        assert held() is None
    finally:
        gc.enable()


async def test_a_unit_past_its_deadline_changes_nothing(store: Store) -> None:
    """CONTRACT: what cannot be saved in time is not saved at all."""
    with pytest.raises(TimeoutError):
        await store.commit(Unit("k", receipts=[receipt("RCP-1")]), asyncio.get_running_loop().time() - 1)

    assert await count(store, DELIVERY) == 0


async def test_a_deadline_that_passes_inside_the_transaction_rolls_it_back(store: Store) -> None:
    """The units that are too late are named, and nothing of the transaction is kept. Mutation: drop the check before the commit."""
    loop = asyncio.get_running_loop()
    late = Waiting(Unit("late", receipts=[receipt("RCP-1")]), 1.0, loop.create_future())
    good = Waiting(Unit("good", receipts=[receipt("RCP-2")]), 9.0, loop.create_future())

    with pytest.raises(Late) as caught:
        await store.database.write(lambda connection: store.keeper._transaction(connection, [late, good], [], lambda: 5.0))

    assert caught.value.late == [late]
    assert await count(store, DELIVERY) == 0


async def test_the_outbox_row_is_one_however_often_it_is_wanted(store: Store) -> None:
    """Desired state: an address and key have one row; each wish counts it up."""
    for number in range(3):
        await store.commit(Unit(f"k{number}", wants=[Want("slack", "a", "same", Card(str(number), ()))]), soon())

    (leased,) = await store.claim_due(["slack"], datetime.now(UTC), datetime.now(UTC))
    assert isinstance(leased.card, str)
    assert (leased.wanted, CARDS.load(leased.card).summary) == (3, "2")


async def test_a_card_is_claimed_by_one_of_many(store: Store) -> None:
    """n = 40 cards, 8 claimers at once: each card goes to exactly one. Mutation: drop the guard on `attempts`."""
    await asyncio.gather(*(store.commit(Unit(f"k{n}", wants=[Want("slack", f"a{n}", "x", CARD)]), soon()) for n in range(40)))
    now = datetime.now(UTC)

    claims = await asyncio.gather(*(store.claim_due(["slack"], now, now) for _ in range(8)))

    ids = [leased.id for claim in claims for leased in claim]
    assert len(ids) == len(set(ids)) == 40


async def test_a_lease_that_runs_out_frees_the_card_and_fences_the_old_holder(store: Store) -> None:
    """S25: what the old holder notes late is ignored. Mutation: drop `row_attempts` from the update."""
    await store.commit(Unit("k", wants=[Want("slack", "a", "x", CARD)]), soon())
    now = datetime.now(UTC)
    (first,) = await store.claim_due(["slack"], now, now)
    (second,) = await store.claim_due(["slack"], now + timedelta(minutes=1), now)

    store.note(first, {"shown": 1, "message": "old", "leased_until": None, "failures": 0, "problem": ""})
    await store.keeper.settle()
    store.note(second, {"shown": 1, "message": "new", "leased_until": None, "failures": 0, "problem": ""})
    await store.keeper.settle()

    row = await store.database.read(lambda connection: connection.execute(select(OUTBOX.c.message, OUTBOX.c.state)).one())
    assert tuple(row) == ("new", "shown")


async def test_a_change_during_delivery_makes_the_card_due_again(store: Store) -> None:
    """Lease and due time are separate: the change waits for the delivery under way, and is not lost."""
    await store.commit(Unit("k", wants=[Want("slack", "a", "x", CARD)]), soon())
    now = datetime.now(UTC)
    (leased,) = await store.claim_due(["slack"], now, now)
    await store.commit(Unit("k2", wants=[Want("slack", "a", "x", Card("later", ()))]), soon())
    assert await store.claim_due(["slack"], now, datetime.now(UTC)) == []

    store.note(leased, {"shown": leased.wanted, "message": "m", "leased_until": None, "failures": 0, "problem": ""})
    await store.keeper.settle()

    (again,) = await store.claim_due(["slack"], now, datetime.now(UTC))
    assert (again.message, again.wanted) == ("m", 2)


async def test_naive_instants_are_refused(store: Store) -> None:
    """An instant without a zone is a mistake, not a guess."""
    with pytest.raises(NotSaved):
        await store.commit(Unit("k", at=datetime(2026, 1, 1)), soon())  # noqa: DTZ001

    assert await count(store, DELIVERY) == 0


async def test_the_register_keeps_its_history(store: Store, content: Content) -> None:
    """R58, R94: what a tool was on a day can be told later."""
    await store.take_over(content, NOW)
    await put_tools(store, Tool("Grammarly Free", "tier1", Status.SUSPENDED), at=NOW + timedelta(days=10))

    then = {tool.name: tool for tool in await store.tools_at(NOW + timedelta(days=1))}
    now = {tool.name: tool for tool in await store.tools_at(None)}

    assert then["Grammarly Free"].tier == "tier2"
    assert now["Grammarly Free"].status is Status.SUSPENDED
    assert await store.tools_at(NOW - timedelta(days=1)) == ()


async def test_the_policy_comes_back_as_it_was_recorded(store: Store, content: Content) -> None:
    """R94, R103: recorded as not yet approved, replayable from its own files; a change needs a new version."""
    assert "not yet approved" in await store.take_over(content, NOW)
    assert await store.take_over(content, NOW) == ""

    assert await store.policy_version("1.0") == content.policy
    assert await store.policy_at(NOW - timedelta(days=1)) is None
    from dataclasses import replace

    with pytest.raises(ChangedContent):
        await store.take_over(replace(content, digest="another"), NOW)


async def test_what_has_passed_its_time_is_erased(store: Store) -> None:
    """R-retention: words first, receipts later; keys after a month."""
    await store.commit(Unit("k", at=NOW, receipts=[receipt("RCP-1")]), soon())
    later = NOW + timedelta(days=200)

    gone = await store.tidy(
        later, {"deliveries": later - timedelta(days=30), "questions": later - timedelta(days=180), "receipts": later - timedelta(days=1095)}
    )

    assert (gone["deliveries"], gone["questions"], gone["receipts"]) == (1, 1, 0)
    kept = await store.receipt("RCP-1")
    assert kept is not None
    assert kept.words is None


async def test_repeats_after_a_restart_are_still_repeats(any_url: str) -> None:
    """S12: the key outlives the process that claimed it."""
    first = Store(any_url, CARDS)
    await first.commit(Unit("k", "the answer"), soon())
    await first.close()

    second = Store(any_url, CARDS)
    assert await second.commit(Unit("k", "another"), soon()) == Repeat("the answer")
    await second.close()


async def test_the_schema_goes_down_and_up_again_and_is_what_the_models_say(store: Store) -> None:
    """Alembic alone makes the schema; the models and the migrations agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    assert await schema_of(store.database) is Schema.CURRENT
    await upgrade(store.database, "base")
    await upgrade(store.database)

    differences = await store.database.read(
        lambda connection: compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), SQLModel.metadata)
    )
    assert differences == []
    assert HEAD == "0004"


async def test_two_processes_may_set_an_empty_database_up_at_once(tmp_path: object) -> None:
    """n = 4 at once: one does it, the others find it done."""
    url = f"sqlite:///{tmp_path}/new.db"
    stores = [Store(url, CARDS) for _ in range(4)]

    ended = await asyncio.gather(*(upgrade(one.database) for one in stores), return_exceptions=True)

    assert ended == [None] * 4
    for one in stores:
        assert await schema_of(one.database) is Schema.CURRENT
        await one.close()


async def test_processes_that_start_at_once_record_the_policy_once(any_url: str, content: Content) -> None:
    """n = 6 at once on a new database: all start, one policy and one register. Mutation: do not try again after IntegrityError."""
    stores = [Store(any_url, CARDS) for _ in range(6)]

    ended = await asyncio.gather(*(one.take_over(content, NOW) for one in stores), return_exceptions=True)

    assert sorted(str(end) for end in ended)[:5] == [""] * 5
    assert await stores[0].versions() == {"policy": 1, "register": 1, "grant": 0}
    assert len(await stores[0].tools_at(None)) == len(content.tools)
    for one in stores:
        await one.close()


def test_a_stored_value_of_an_unknown_shape_is_refused() -> None:
    """Nothing of another version is half understood."""
    for text in ("{", '{"": "Gone"}', '["date", "x"]', '{"": "Card"}', '[["x"]]'):
        with pytest.raises(UnknownShape):
            CARDS.load(text)


def test_every_tool_survives_storage() -> None:
    """load(dump(x)) == x for the whole register."""
    for tool in load_content(PACKAGED).tools:
        assert CARDS.load(CARDS.dump(tool)) == tool

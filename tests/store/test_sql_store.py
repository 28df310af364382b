"""What the store keeps, and gives back exactly."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.ports import Change, ChatPost, JournalEntry, KnownBroadcast, KnownVideo, Revision, Store
from broadcaster.show.as_run import AsRun, Outcome
from broadcaster.show.rundown import ItemId, ItemType
from broadcaster.store import SqlStore, StoreError
from tests.store import strategies

DAY = date(2026, 11, 25)
NINE = datetime(2026, 11, 25, 2, tzinfo=UTC)


def row(item: str, *, airing: int = 1, day: date = DAY, **values) -> AsRun:
    empty = {"exhibitor": None, "media": None, "planned_start": None, "expected_start": None}
    return AsRun(
        day=day,
        item=ItemId(item),
        airing=airing,
        cue="1",
        type=ItemType.PROFILE,
        title=item,
        **{**empty, **values},
    )


def change(*rows: AsRun, show: str = "expo", state=None, journal=(), at=NINE) -> Change:
    return Change(at=at, show=show, snapshot=state or {}, rows=rows, journal=tuple(journal))


@pytest.fixture(params=["file", "memory"])
def store(request, tmp_path):
    url = f"sqlite:///{tmp_path}/var/expo.db" if request.param == "file" else "sqlite:///:memory:"
    store = SqlStore(url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def shared():
    """One store for all of Hypothesis's examples; each forgets its own show first."""
    store = SqlStore("sqlite:///:memory:")
    yield store
    store.close()


def test_the_store_is_what_the_show_asks_for(store):
    kept: Store = store
    assert (None, [], [], []) == (
        kept.snapshot("expo"),
        kept.as_run("expo"),
        kept.journal("expo"),
        kept.revisions("expo"),
    )


@settings(max_examples=40)
@given(strategies.changes)
def test_whatever_is_committed_comes_back_the_same(shared, committed):
    """Times come back in UTC, equal to the instant that went in; enums as enums; JSON as JSON."""
    shared.forget(committed.show)
    shared.commit(committed)

    assert committed.snapshot == shared.snapshot(committed.show)
    assert set(committed.rows) == set(shared.as_run(committed.show))
    assert list(reversed(committed.journal)) == shared.journal(committed.show)
    for kept in shared.as_run(committed.show):
        assert isinstance(kept.type, ItemType)
        assert kept.outcome is None or isinstance(kept.outcome, Outcome)
        starts = (kept.planned_start, kept.expected_start, kept.actual_start, kept.actual_end)
        assert all(at is None or at.tzinfo is UTC for at in starts)


@settings(max_examples=40)
@given(st.lists(strategies.revisions, max_size=4))
def test_revisions_come_back_the_same_and_in_order(shared, revisions):
    shared.forget("expo")
    for revision in revisions:
        shared.add_revision("expo", revision)
    assert revisions == shared.revisions("expo")


def test_a_later_row_of_the_same_airing_replaces_the_earlier_one(store):
    on_air = row("p-batik", actual_start=NINE)
    aired = row("p-batik", actual_start=NINE, actual_end=NINE + timedelta(minutes=2), outcome=Outcome.AIRED)
    store.commit(change(on_air))
    store.commit(change(aired))
    assert [aired] == store.as_run("expo")


def test_a_second_airing_of_an_item_is_a_row_of_its_own(store):
    first, second = (
        row("p-batik", actual_start=NINE),
        row("p-batik", airing=2, actual_start=NINE + timedelta(hours=1)),
    )
    store.commit(change(second, first))
    assert [first, second] == store.as_run("expo")


def test_a_change_without_rows_leaves_the_earlier_rows(store):
    store.commit(change(row("p-batik"), state={"n": 1}))
    store.commit(change(state={"n": 2}))
    assert ([row("p-batik")], {"n": 2}) == (store.as_run("expo"), store.snapshot("expo"))


def test_as_run_is_in_the_order_of_airing(store):
    """The decided start counts, else the planned one, then the cue; what never had a time comes last."""
    minute = timedelta(minutes=1)
    late = row("late", planned_start=NINE, expected_start=NINE, actual_start=NINE + 3 * minute)
    skipped = row("skipped", planned_start=NINE + 9 * minute, expected_start=NINE + 2 * minute)
    planned = row("planned", planned_start=NINE + minute)
    never = row("never")
    tomorrow = row("tomorrow", day=DAY + timedelta(days=1), actual_start=NINE + timedelta(days=1))
    store.commit(change(tomorrow, never, late, skipped, planned))
    assert [late, planned, skipped, never, tomorrow] == store.as_run("expo")
    assert [tomorrow] == store.as_run("expo", tomorrow.day)


def test_an_item_skipped_between_two_stays_between_them(store):
    """The second came 4 ms early: by the confirmed start it would stand before the one that was skipped."""
    early = row("b", planned_start=NINE, expected_start=NINE, actual_start=NINE - timedelta(milliseconds=4))
    early, skipped = replace(early, cue="08"), replace(row("s", planned_start=NINE), cue="07")
    store.commit(change(early, skipped))
    assert [skipped, early] == store.as_run("expo")


def test_shows_do_not_mix(store):
    store.commit(change(row("a"), show="expo", state={"of": "expo"}, journal=[JournalEntry(NINE, "pressed")]))
    store.commit(change(row("b"), show="demo", state={"of": "demo"}))
    store.add_revision("demo", Revision(NINE, None, "text", "sent"))
    store.forget("demo")
    assert ({"of": "expo"}, [row("a")]) == (store.snapshot("expo"), store.as_run("expo"))
    assert (None, [], []) == (store.snapshot("demo"), store.as_run("demo"), store.revisions("demo"))
    assert ["pressed"] == [entry.kind for entry in store.journal("expo")]


def test_a_change_is_stored_whole_or_not_at_all(store):
    """The journal entry cannot be written, so neither snapshot nor row may be."""
    store.commit(change(row("before"), state={"n": 1}))
    unwritable = JournalEntry(NINE, "pressed", {"by": object()})
    with pytest.raises(StoreError, match="not JSON serializable"):
        store.commit(change(row("after"), state={"n": 2}, journal=[unwritable]))
    assert ({"n": 1}, [row("before")]) == (store.snapshot("expo"), store.as_run("expo"))


def test_a_time_without_a_zone_is_refused(store):
    with pytest.raises(StoreError, match="an instant needs a zone"):
        store.commit(change(at=NINE.replace(tzinfo=None)))


def test_the_newest_journal_entries_come_first_and_only_as_many_as_asked(store):
    entries = [JournalEntry(NINE, str(n), MappingProxyType({"n": n})) for n in range(5)]
    store.commit(change(journal=entries[:3]))
    store.commit(change(journal=entries[3:]))
    assert ["4", "3"] == [entry.kind for entry in store.journal("expo", limit=2)]
    assert {"n": 4} == store.journal("expo")[0].values


def test_a_limit_keeps_the_newest_revisions_oldest_first(store):
    for n in range(4):
        store.add_revision("expo", Revision(NINE, ItemId("p-batik"), str(n), "rehearsed"))
    assert ["2", "3"] == [revision.text for revision in store.revisions("expo", limit=2)]


def test_quota_is_counted_from_an_instant_on(store):
    """The instant itself belongs to the new quota day."""
    store.spend(NINE - timedelta(microseconds=1), "videos.update", 50)
    store.spend(NINE, "videos.list", 1)
    store.spend(NINE + timedelta(hours=1), "videos.update", 50)
    assert (51, 101, 0) == (
        store.spent(NINE),
        store.spent(NINE - timedelta(days=1)),
        store.spent(NINE + timedelta(days=1)),
    )


def test_pruning_takes_old_journal_entries_only(store):
    old, new = JournalEntry(NINE - timedelta(days=90), "old"), JournalEntry(NINE, "new")
    store.commit(change(row("p-batik", actual_start=NINE - timedelta(days=90)), journal=[old, new]))
    assert 1 == store.prune(NINE - timedelta(days=30))
    assert ([new], 1) == (store.journal("expo"), len(store.as_run("expo")))


def test_forgetting_a_show_leaves_the_quota_ledger(store):
    """A rehearsal starts afresh; the units it spent at Google stay spent."""
    store.spend(NINE, "videos.update", 50)
    store.forget("expo")
    assert 50 == store.spent(NINE)


def test_readers_and_writers_in_many_threads_lose_nothing(store):
    failures: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            for n in range(10):
                store.commit(change(row(f"{thread}-{n}"), state={"n": n}))
                store.as_run("expo")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == failures
    assert 60 == len(store.as_run("expo"))


def test_a_video_is_remembered_whole_and_the_newest_counts(store):
    assert store.known_video("video-1") is None
    known = KnownVideo("video-1", "Hari 1", ("Batik | Hari 1",), "Teks\r\n", NINE, NINE + timedelta(hours=7))
    store.keep_video(replace(known, whole=""))
    store.keep_video(known)
    store.keep_video(KnownVideo("video-2", finished_at=NINE))
    assert (known, NINE) == (store.known_video("video-1"), store.known_video("video-2").finished_at)


def test_a_chat_message_is_remembered_by_its_video_and_item(store):
    post = ChatPost("video-1", ItemId("p-batik"), NINE, "Batik – https://toko.example", "posting")
    store.keep_chat_post(post)
    store.keep_chat_post(replace(post, state="sent"))
    assert replace(post, state="sent") == store.chat_post("video-1", ItemId("p-batik"))
    assert store.chat_post("video-2", ItemId("p-batik")) is None


def test_a_broadcast_is_remembered_by_its_show_day_and_number_and_outlives_a_fresh_start(store):
    day = date(2026, 11, 24)
    first = KnownBroadcast(day, 1, "video-1", "stream-1", "live", NINE, "live", made=True, thumbnail="f" * 64)
    store.keep_broadcast("expo", KnownBroadcast(day, 2))
    store.keep_broadcast("expo", KnownBroadcast(day, 1))
    store.keep_broadcast("expo", first)
    store.forget("expo")
    assert [first, KnownBroadcast(day, 2)] == store.broadcasts("expo")
    assert [] == store.broadcasts("bazar")

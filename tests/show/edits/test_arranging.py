"""Edits laid over a rundown: order, values, and the way back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.show.edits.arranging import Written, arrange, fresh_id
from broadcaster.show.edits.values import (
    AddExhibitor,
    CannotEdit,
    Change,
    ChangeExhibitor,
    Delete,
    Duplicate,
    Insert,
    Move,
    RemoveExhibitor,
    Spot,
)
from broadcaster.show.rundown import ExhibitorId, ItemId
from tests.show.desk import TODAY, day, live, profile, rundown

if TYPE_CHECKING:
    from broadcaster.show.edits.arranging import Arranged
    from broadcaster.show.edits.values import Edit
    from broadcaster.show.rundown import Rundown

TOMORROW = TODAY + timedelta(days=1)
A, B, C, D = (ItemId(letter) for letter in "abcd")


def show() -> Rundown:
    return rundown(day(live("a", start=0), profile("b"), profile("c")), day(live("d", start=86400), on=TOMORROW))


def order(arranged: Arranged, on=TODAY) -> str:
    return "".join(wanted.id for wanted in arranged.days[on])


def spot(after: str | None = None, before: str | None = None, on=TODAY) -> Spot:
    return Spot(on, ItemId(after) if after else None, ItemId(before) if before else None)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (spot(after="c"), "acb"),
        (spot(before="a"), "bac"),
        (spot(after="gone", before="a"), "bac"),
        (spot(after="gone", before="gone"), "acb"),
        (spot(), "acb"),
    ],
)
def test_an_item_moves_beside_its_neighbours_as_far_as_they_are_still_there(where, expected):
    assert order(arrange(show(), [Move(B, where)])) == expected


def test_an_item_moves_to_another_day():
    arranged = arrange(show(), [Move(C, spot(after="d", on=TOMORROW))])
    assert (order(arranged), order(arranged, TOMORROW)) == ("ab", "dc")


def test_only_days_that_change_are_written():
    assert list(arrange(show(), [Delete(D)]).days) == [TOMORROW]


def test_a_new_item_gets_an_id_after_its_exhibitor_or_its_title():
    arranged = arrange(
        show(),
        [
            Insert(spot(after="a"), values={"type": "profile", "exhibitor": "b"}),
            Insert(spot(after="a"), values={"type": "slate", "title": "Pengumuman Çanting!"}),
        ],
    )
    assert [wanted.id for wanted in arranged.days[TODAY]] == ["a", "pengumuman-canting", "p-b", "b", "c"]


def test_a_copy_stands_right_behind_and_follows_in_order():
    arranged = arrange(show(), [Duplicate(A)])
    copy = arranged.days[TODAY][1]
    assert (copy.id, dict(copy.values)) == (
        "a-2",
        {"type": "live", "title": "A", "scene": "Panggung", "duration": "1m"},
    )


def test_a_copy_of_a_profile_takes_its_title_and_its_length_from_where_the_first_has_them():
    assert dict(arrange(show(), [Duplicate(B)]).days[TODAY][2].values) == {
        "type": "profile",
        "exhibitor": "b",
        "media": "/media/b.mp4",
    }


def test_what_takes_a_change_back_is_what_the_file_said():
    written = {B: Written({"duration": "4 menit"})}
    arranged = arrange(show(), [Change(B, {"duration": "2m", "skip": True})], written)
    assert arranged.inverse == (Change(B, {"duration": "4 menit", "skip": None}),)


def test_what_takes_a_deletion_back_has_its_text_with_its_comments():
    written = {B: Written({"type": "profile"}, "# Bu Ratna\n[[item]]\n")}
    arranged = arrange(show(), [Delete(B)], written)
    assert arranged.inverse == (Insert(spot("a", "c"), B, {}, "# Bu Ratna\n[[item]]\n"),)


def test_exhibitors_change_come_and_go():
    known = {ExhibitorId("b"): Written({"name": "B", "shop": "https://lama.example"})}
    arranged = arrange(
        show(),
        [
            ChangeExhibitor(ExhibitorId("b"), {"shop": "https://baru.example", "city": "Batang"}),
            AddExhibitor(values={"name": "Tenun Baru"}),
            RemoveExhibitor(ExhibitorId("c")),
        ],
        exhibitors=known,
    )
    assert dict(arranged.exhibitors) == {
        "b": {"shop": "https://baru.example", "city": "Batang"},
        "tenun-baru": {"name": "Tenun Baru"},
        "c": None,
    }
    assert arranged.inverse == (
        AddExhibitor(ExhibitorId("c"), {}),
        RemoveExhibitor(ExhibitorId("tenun-baru")),
        ChangeExhibitor(ExhibitorId("b"), {"shop": "https://lama.example", "city": ""}),
    )


@pytest.mark.parametrize(
    "edit",
    [
        Delete(ItemId("x")),
        Move(ItemId("x"), spot()),
        Move(A, spot(on=TODAY + timedelta(days=9))),
        Change(ItemId("x"), {"title": "X"}),
        Change(A, {"colour": "red"}),
        Duplicate(ItemId("x")),
        Insert(spot(), A),
        Insert(spot(), values={"colour": "red"}),
        ChangeExhibitor(ExhibitorId("x"), {"name": "X"}),
        ChangeExhibitor(ExhibitorId("b"), {"colour": "red"}),
        AddExhibitor(ExhibitorId("b")),
        RemoveExhibitor(ExhibitorId("x")),
    ],
)
def test_what_cannot_be_is_refused_whole(edit):
    with pytest.raises(CannotEdit):
        arrange(show(), [Delete(D), edit])


def test_a_day_begins_when_it_did_whatever_comes_first_now():
    arranged = arrange(show(), [Move(A, spot(after="b"))], {A: Written({"start": "09.00"})})
    values = {wanted.id: dict(wanted.values) for wanted in arranged.days[TODAY]}
    assert values == {"b": {"start": "09:00:00"}, "a": {"start": None}, "c": {}}
    assert arranged.inverse == (
        Change(B, {"start": None}),
        Change(A, {"start": "09.00"}),
        Move(A, spot(before="b")),
    )


def test_a_deleted_first_item_leaves_the_days_start_to_the_next():
    assert dict(arrange(show(), [Delete(A)]).days[TODAY][0].values) == {"start": "09:00:00"}


moves = st.builds(
    Move,
    st.sampled_from([A, B, C, D]),
    st.builds(Spot, st.sampled_from([TODAY, TOMORROW]), st.sampled_from([None, A, B, C, D]), st.just(None)),
)
edits = st.lists(
    st.one_of(
        moves,
        st.builds(Duplicate, st.sampled_from([A, B, C, D])),
        st.builds(Insert, st.builds(Spot, st.sampled_from([TODAY, TOMORROW]), st.sampled_from([None, A, B, C, D]))),
    ),
    max_size=6,
)


@given(edits)
def test_whatever_is_moved_or_added_nothing_is_lost_and_nothing_is_there_twice(wanted: list[Edit]):
    arranged = arrange(show(), wanted)
    days = {each.date: [item.id for item in each.items] for each in show().days}
    days |= {on: [item.id for item in items] for on, items in arranged.days.items()}
    ids = [item for items in days.values() for item in items]
    assert len(ids) == len(set(ids))
    assert {A, B, C, D} <= set(ids)


@given(st.lists(moves, max_size=6))
def test_the_inverse_restores_the_order(wanted: list[Edit]):
    before = show()
    arranged = arrange(before, wanted)
    shelf = {item.id: item for each in before.days for item in each.items}
    after = rundown(
        *(
            day(*(shelf[w.id] for w in arranged.days[each.date]), on=each.date) if each.date in arranged.days else each
            for each in before.days
        )
    )
    back = arrange(after, arranged.inverse)
    for each in before.days:
        if each.date in back.days:
            assert [w.id for w in back.days[each.date]] == [item.id for item in each.items]


def test_a_fresh_id_is_never_one_that_is_taken():
    assert fresh_id("Kopi!", {"kopi", "kopi-2"}) == "kopi-3"
    assert fresh_id("日本", set()) == "item"

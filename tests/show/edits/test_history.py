"""Undo and redo, a person at a time; and who is named when two edit the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from broadcaster.show.edits.conflicts import conflicts
from broadcaster.show.edits.history import Entry, History
from broadcaster.show.edits.values import Change, ChangeExhibitor, Delete, Move, RemoveExhibitor, Spot
from broadcaster.show.rundown import ExhibitorId, ItemId
from tests.show.desk import NINE, TODAY, day, live, profile, rundown

A, B = ItemId("a"), ItemId("b")


def entry(number: int, by: str = "ani", *edits, of: int | None = None, undoes: bool = False) -> Entry:
    return Entry(number, NINE, by, edits, (), f"r{number}", (), of, undoes)


def names(history: History, by: str = "ani") -> tuple[int | None, int | None]:
    undo, redo = history.to_undo(by), history.to_redo(by)
    return undo.id if undo else None, redo.id if redo else None


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], (None, None)),
        ([entry(1)], (1, None)),
        ([entry(1), entry(2)], (2, None)),
        # An undo goes one further back each time; a redo takes back the undo.
        ([entry(1), entry(2), entry(3, of=2, undoes=True)], (1, 3)),
        ([entry(1), entry(2), entry(3, of=2, undoes=True), entry(4, of=1, undoes=True)], (None, 4)),
        # What was made again can be undone again: by the inverse of the redo.
        ([entry(1), entry(2, of=1, undoes=True), entry(3, of=1)], (3, None)),
        ([entry(1), entry(2), entry(3, of=2, undoes=True), entry(4, of=1, undoes=True), entry(5, of=1)], (5, 3)),
        # After a new edit there is nothing to be made again.
        ([entry(1), entry(2, of=1, undoes=True), entry(3)], (3, None)),
    ],
)
def test_undo_and_redo_walk_back_and_forth(entries, expected):
    assert names(History(tuple(entries))) == expected


def test_everybody_takes_back_their_own():
    history = History((entry(1, "ani"), entry(2, "budi")))
    assert (names(history, "ani"), names(history, "budi"), names(history, "cici")) == (
        (1, None),
        (2, None),
        (None, None),
    )


def test_somebody_who_has_a_name_is_one_person_wherever_they_are():
    history = History((entry(1, "ani@10.0.0.2"), entry(2, "10.0.0.3")))
    assert (1, None) == names(history, "ani@10.0.0.9")
    assert (2, None) == names(history, "10.0.0.3")
    assert (None, None) == names(history, "10.0.0.2")


def test_what_comes_again_under_the_key_of_the_same_person_is_known():
    history = History((replace(entry(1, "ani@10.0.0.2"), key="k1"), entry(2, "ani@10.0.0.2")))
    assert (history.entries[0], None, None) == (
        history.sent_as("k1", "ani@10.0.0.9"),
        history.sent_as("k1", "budi@10.0.0.2"),
        history.sent_as("", "ani@10.0.0.2"),
    )


def show(title: str = "Talkshow"):
    return rundown(day(live("a", start=0, title=title), profile("b")))


def told(show_now, edit, history=History(), base="r0"):  # noqa: B008  (it is immutable)
    return [(each.key, each.theirs, each.by) for each in conflicts(show_now, [edit], history, base)]


def test_of_the_same_field_the_second_is_told_who_changed_it_and_to_what():
    history = History((entry(1, "budi", Change(A, {"title": "Talkshow"})),))
    assert told(show(), Change(A, {"title": "Bincang"}, {"title": "Sesi"}), history) == [("title", "Talkshow", "budi")]


def test_a_change_outside_of_the_service_is_nobodys_by_name():
    assert told(show(), Change(A, {"title": "Bincang"}, {"title": "Sesi"})) == [("title", "Talkshow", "")]


@pytest.mark.parametrize(
    "edit",
    [
        Change(A, {"note": "x"}, {"note": ""}),
        Change(A, {"title": "Bincang"}, {"title": "Talkshow"}),
        Change(A, {"title": "Talkshow"}, {"title": "Sesi"}),
        Change(A, {"title": "Bincang"}),
        Change(A, {"scene": None}, {"scene": "Panggung"}),
        ChangeExhibitor(ExhibitorId("b"), {"city": "Batang"}, {"city": None}),
    ],
    ids=["another field", "seen as it is", "both the same", "nothing seen", "to nothing", "nothing and empty"],
)
def test_all_else_merges(edit):
    history = History((entry(1, "budi", Change(A, {"title": "Talkshow"})),))
    assert told(show(), edit, history) == []


def test_an_exhibitors_field_is_a_field_too():
    edit = ChangeExhibitor(ExhibitorId("b"), {"name": "Batik Baru"}, {"name": "Batik Lama"})
    history = History((entry(1, "budi", ChangeExhibitor(ExhibitorId("b"), {"name": "B"})),))
    assert told(show(), edit, history) == [("name", "B", "budi")]


def test_an_item_that_both_move_is_told():
    history = History((entry(1, "ani"), entry(2, "budi", Move(B, Spot(TODAY)))))
    assert told(show(), Move(B, Spot(TODAY)), history, "r1") == [("place", None, "budi")]
    assert told(show(), Move(A, Spot(TODAY)), history, "r1") == []
    assert told(show(), Move(B, Spot(TODAY)), history, "r2") == []


def test_the_first_move_since_the_files_were_read_is_told_too():
    """Both looked at files that nobody had edited here: no entry is of that revision."""
    history = History((replace(entry(1, "budi", Move(B, Spot(TODAY))), before="as read"), entry(2, "ani")))
    assert told(show(), Move(B, Spot(TODAY)), history, "as read") == [("place", None, "budi")]
    assert told(show(), Move(B, Spot(TODAY)), history, "r1") == []


def test_an_item_that_was_changed_meanwhile_is_not_deleted_unseen():
    history = History((entry(1, "ani"), entry(2, "budi", Change(B, {"note": "penting"}))))
    assert told(show(), Delete(B), history, "r1") == [("changed", None, "budi")]
    assert told(show(), Delete(B), history, "r2") == []


def test_an_item_that_is_gone_is_told_with_who_deleted_it():
    gone = replace(entry(1, "budi", Delete(ItemId("x"))), titles=("Lomba",), before="r0")
    (conflict,) = conflicts(show(), [Change(ItemId("x"), {"title": "y"})], History((gone,)), "r0")
    assert (conflict.key, conflict.title, conflict.by) == ("deleted", "Lomba", "budi")


def test_an_exhibitor_that_is_gone_is_told_too():
    gone = replace(entry(1, "budi", RemoveExhibitor(ExhibitorId("x"))), before="r0")
    assert told(show(), ChangeExhibitor(ExhibitorId("x"), {"city": "Batang"}), History((gone,)), "r0") == [
        ("deleted", None, "budi")
    ]


def test_an_exhibitor_that_was_changed_meanwhile_is_not_deleted_unseen():
    history = History((entry(1, "ani"), entry(2, "budi", ChangeExhibitor(ExhibitorId("b"), {"city": "Batang"}))))
    assert told(show(), RemoveExhibitor(ExhibitorId("b")), history, "r1") == [("changed", None, "budi")]
    assert told(show(), RemoveExhibitor(ExhibitorId("b")), history, "r2") == []

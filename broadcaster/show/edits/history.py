"""Who changed what, in order: what undo and redo take back, and whom a conflict names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from broadcaster.show.edits.values import Change, ChangeExhibitor, Delete, Edit, Move, RemoveExhibitor

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of editing. `before` and `revision` are the rundown's before and after it, `inverse` takes it back.

    `of` is the entry that this one undoes or redoes; None for an edit of its own. `key` is what whoever sent it called
    it, so that it is known when it comes again. An entry that an earlier version wrote down has no `before`.
    """

    id: int
    at: datetime
    by: str
    edits: tuple[Edit, ...]
    inverse: tuple[Edit, ...]
    revision: str
    titles: tuple[str, ...] = ()
    of: int | None = None
    undoes: bool = False
    before: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """Entries, oldest first."""

    entries: tuple[Entry, ...] = ()

    @property
    def next_id(self) -> int:
        return self.entries[-1].id + 1 if self.entries else 1

    def with_entry(self, entry: Entry, keep: int) -> History:
        return History((*self.entries, entry)[-keep:])

    def to_undo(self, by: str) -> Entry | None:
        """What this person did last and has not taken back: the newest entry of it, whose inverse does that."""
        for entry in reversed(self.entries):
            if entry.of is None and _is_one(entry.by, by) and not self._is_undone(entry):
                return self._newest_of(entry)
        return None

    def to_redo(self, by: str) -> Entry | None:
        """What this person took back last, unless they have edited anew since."""
        for entry in reversed(self.entries):
            if not _is_one(entry.by, by):
                continue
            if entry.of is None:
                return None
            origin = self.find(entry.of)
            if entry.undoes and origin is not None and self._newest_of(origin) is entry:
                return entry
        return None

    def find(self, identifier: int) -> Entry | None:
        return next((entry for entry in self.entries if entry.id == identifier), None)

    def sent_as(self, key: str, by: str) -> Entry | None:
        """What this person has sent under that key; None for no key."""
        return next((each for each in self.entries if key and each.key == key and _is_one(each.by, by)), None)

    def is_undone(self, identifier: int) -> bool:
        entry = self.find(identifier)
        return entry is not None and self._is_undone(entry)

    def since(self, revision: str) -> Iterator[Entry]:
        """What came after the rundown of that revision; nothing when it is not known here."""
        for place, entry in reversed(tuple(enumerate(self.entries))):
            if entry.revision == revision:
                yield from self.entries[place + 1 :]
                return
            # As the files were when nobody had edited them here yet, or when they had been saved by hand.
            if entry.before == revision:
                yield from self.entries[place:]
                return

    def last_change(self, target: str, key: str) -> Entry | None:
        """Who last gave this key of an item or exhibitor its value."""
        for entry in reversed(self.entries):
            for edit in entry.edits:
                match edit:
                    case Change(item=item, values=values) if item == target and key in values:
                        return entry
                    case ChangeExhibitor(exhibitor=exhibitor, values=values) if exhibitor == target and key in values:
                        return entry
                    case _:
                        pass
        return None

    def _newest_of(self, origin: Entry) -> Entry:
        return next((entry for entry in reversed(self.entries) if entry.of == origin.id), origin)

    def _is_undone(self, origin: Entry) -> bool:
        return self._newest_of(origin).undoes


def _is_one(one: str, other: str) -> bool:
    """Whether name@address and name@address are one person: somebody who has a name may come from anywhere."""
    return (one.rpartition("@")[0] or one) == (other.rpartition("@")[0] or other)


def touches(entry: Entry, target: str) -> bool:
    """Whether the entry moved or changed this item, or changed this exhibitor."""
    for edit in entry.edits:
        match edit:
            case Move(item=touched) | Change(item=touched) | ChangeExhibitor(exhibitor=touched) if touched == target:
                return True
            case _:
                pass
    return False


def removes(entry: Entry, target: str) -> bool:
    """Whether the entry deleted this item or exhibitor."""
    for edit in entry.edits:
        match edit:
            case Delete(item=gone) | RemoveExhibitor(exhibitor=gone) if gone == target:
                return True
            case _:
                pass
    return False


def moves(entry: Entry, item: str) -> bool:
    return any(isinstance(edit, Move) and edit.item == item for edit in entry.edits)

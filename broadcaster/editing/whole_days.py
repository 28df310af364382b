"""Whole days as a program gives them: only what differs from the running rundown is a change."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.ports import Refused
from broadcaster.schedule_files.items import ORDER

if TYPE_CHECKING:
    from broadcaster.ports import Json
    from broadcaster.show.rundown import Item, Rundown


def wanted_days(days: list[Json], before: Rundown) -> dict[date, list[dict[str, object]]]:
    try:
        return {date.fromisoformat(str(day["day"])): [_changes(item, before) for item in day["items"]] for day in days}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused(_("The edit cannot be read: %(why)s", why=repr(error))) from error


def _changes(given: Json, before: Rundown) -> dict[str, object]:
    """The keys that differ from the running rundown: a page may send back an item as it got it."""
    known = before.find(given["id"])
    return {
        key: given[key]
        for key in ORDER
        if key in given and (key == "id" or known is None or not _is_same(key, given[key], known))
    }


def _is_same(key: str, value: object, item: Item) -> bool:
    match key:
        case "type" | "title" | "exhibitor" | "scene" | "end" | "skip" | "note":
            return bool(value == getattr(item, key))
        case _:
            return False  # a file says these in words of its own; the writer compares them

"""Whole days as a program gives them: only what differs from the running rundown is a change."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.ports import Refused
from broadcaster.schedule_files.items import ORDER
from broadcaster.show.edits.fields import item_fields

if TYPE_CHECKING:
    from broadcaster.ports import Json
    from broadcaster.show.rundown import Rundown


def wanted_days(days: list[Json], before: Rundown) -> dict[date, list[dict[str, object]]]:
    try:
        return {date.fromisoformat(str(day["day"])): [_changes(item, before) for item in day["items"]] for day in days}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused(_("The edit cannot be read: %(why)s", why=repr(error))) from error


def _changes(given: Json, before: Rundown) -> dict[str, object]:
    """The keys that differ from the running rundown: a page may send back an item as it got it."""
    place = before.place(given["id"])
    told: dict[str, object] = {}
    if place is not None:
        day = before.days[place[0]]
        told = dict(item_fields(day.items[place[1]], day.date, before.timezone))
        told["media"] = PurePath(str(told["media"])).name if told["media"] else ""
    return {
        key: given[key] for key in ORDER if key in given and (key == "id" or key not in told or given[key] != told[key])
    }

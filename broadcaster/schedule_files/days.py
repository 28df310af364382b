"""A day file: its date and its items in order."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.schedule_files.items import Context, Draft, read_item
from broadcaster.schedule_files.names import cleaned
from broadcaster.schedule_files.tables import Table
from broadcaster.schedule_files.timing import planned_end, settle_durations, settle_starts
from broadcaster.show.rundown import Day, Item, ItemType

if TYPE_CHECKING:
    from broadcaster.schedule_files.problems import ProblemList
    from broadcaster.schedule_files.toml_text import Document

KEYS = frozenset({"date", "title", "planned_end", "item"})
YEARS = range(2000, 2100)


def read_day(document: Document, context: Context, problems: ProblemList) -> Day | None:
    """The day; None when it has no usable date. What is wrong in it is told either way."""
    # Layout.headers stand in order, so the lines of item n end where the header after it begins.
    headers = document.layout.headers
    ends = [header.line for header in headers[1:]] + [10**9]
    spoilt = {
        header.key
        for header, end in zip(headers, ends, strict=False)
        if any(header.line <= line < end for line in document.spoilt)
    }
    top_spoilt = any(not headers or line < headers[0].line for line in document.spoilt)
    table = Table(document.values, document, problems, spoilt=top_spoilt)
    table.refuse_unknown(KEYS)
    day = _date(table)
    title = cleaned(table.text("title"), table.line("title"), "title", problems)
    drafts = [
        read_item(
            Table(values, document, problems, ("item", place), spoilt=("item", place) in spoilt),
            day or date(YEARS[0], 1, 1),
            context,
        )
        for place, values in enumerate(_items(table))
    ]
    if day is None:
        return None
    settle_starts(drafts, day, context.zone)
    settle_durations(drafts, context)
    end = planned_end(table, drafts, day, context)
    width = max(2, len(str(len(drafts))))
    items = tuple(_item(draft, f"{number:0{width}}") for number, draft in enumerate(drafts, 1))
    return Day(date=day, title=title or day.isoformat(), items=items, planned_end=end)


def _date(table: Table) -> date | None:
    value = table.values.get("date")
    hint = _("Write it like date = 2026-11-24, without quotation marks.")
    if value is None:
        table.missing("date", hint)
        return None
    if isinstance(value, datetime) or not isinstance(value, date):
        table.wrong("date", _("a date"), hint)
        return None
    if value.year not in YEARS:
        table.wrong("date", _("a date of this century"), hint)
        return None
    return value


def _items(table: Table) -> list[dict[str, object]]:
    items = table.values.get("item", [])
    if isinstance(items, list) and all(isinstance(item, dict) for item in items):
        if not items and not table.spoilt:
            table.problems.warning(1, _("The day has no items."), _("Begin each item with a line [[item]]."))
        return items
    table.wrong(
        "item", _("a list of tables"), _("Begin each item with a line [[item]], with two brackets on each side.")
    )
    return []


def _item(draft: Draft, cue: str) -> Item:
    return Item(
        id=draft.id,
        cue=cue,
        type=draft.type or ItemType.SLATE,
        title=draft.title or draft.id,
        exhibitor=draft.exhibitor,
        media=draft.media,
        scene=draft.scene,
        start=draft.hard_start,
        duration=draft.duration,
        end=draft.end,
        skip=draft.skip,
        note=draft.note,
        transition=draft.transition,
    )

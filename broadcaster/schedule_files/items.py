"""One [[item]] of a day file, by itself; `timing` then looks at it among its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.schedule_files import exhibitors as exhibitors_csv
from broadcaster.schedule_files.names import cleaned
from broadcaster.schedule_files.problems import did_you_mean, nearest
from broadcaster.schedule_files.times import (
    Clock,
    OtherZone,
    is_of_this_age,
    parse_duration,
    parse_start,
    parse_transition,
)
from broadcaster.show.edits.values import ITEM_KEYS
from broadcaster.show.rundown import End, Exhibitor, ExhibitorId, ItemId, ItemType, Media

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from broadcaster.schedule_files.exhibitors import Exhibitors
    from broadcaster.schedule_files.media import MediaFolder
    from broadcaster.schedule_files.tables import Table
    from broadcaster.show.rundown import Policy, Transition

ORDER = ("id", *ITEM_KEYS)
"""An item's keys, in the order in which they are usually written."""
KEYS = frozenset(ORDER)
LONGEST_ID = 100

CARD_TIME = timedelta(seconds=30)
"""How long a card stands in for a video whose length nobody knows: it must not stand until the next hard start."""


@dataclass(slots=True)
class Context:
    """What an item is read against, and what earlier items of the show have taken."""

    zone: ZoneInfo
    media: MediaFolder
    policy: Policy
    transition: Transition
    exhibitors: Exhibitors | None
    """None when the show has no exhibitors.csv."""
    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    scheduled: set[ExhibitorId] = field(default_factory=set)


@dataclass(slots=True)
class Draft:
    """An item on its way. `start` is as written until `timing` sets `hard_start`; `hard` says that one is written."""

    table: Table
    id: ItemId
    type: ItemType | None
    title: str
    exhibitor: ExhibitorId | None
    media: Media | None
    scene: str | None
    start: Clock | datetime | None
    hard: bool
    duration: timedelta | None
    needs_duration: bool
    """No duration is written, and there is no video that could give one."""
    end: End
    skip: bool
    note: str
    transition: Transition | None
    hard_start: datetime | None = None

    @property
    def is_as_long_as_its_video(self) -> bool:
        return "duration" not in self.table.values and self.media is not None and self.media.duration == self.duration


def read_item(table: Table, day: date, context: Context) -> Draft:
    table.refuse_unknown(KEYS)
    kind = table.optional_choice("type", ItemType)
    if kind is None and "type" not in table.values:
        table.missing("type", did_you_mean("", [word.value for word in ItemType]))
    exhibitor = _exhibitor(table, kind, context)
    media = _media(table, kind, exhibitor, context)
    scene = _scene(table, kind)
    duration = _duration(table)
    start = _start(table, day, context)
    return Draft(
        table=table,
        id=_id(table, context),
        type=kind,
        title=_title(table, kind, exhibitor),
        exhibitor=None if exhibitor is None else exhibitor.id,
        media=None if scene else media,
        scene=scene,
        start=start,
        hard="start" in table.values,
        duration=duration or _own_length(media, scene),
        needs_duration="duration" not in table.values and _is_open(kind, media, scene),
        end=table.choice("end", End.AUTO),
        skip=table.flag("skip"),
        note=table.text("note"),
        transition=read_transition(table),
    )


def _id(table: Table, context: Context) -> ItemId:
    hint = _('Give each item a short, stable id, like id = "opening".')
    text = table.text("id", hint, required=True)
    line = table.line("id")
    if text and (len(text) > LONGEST_ID or not text.isprintable()):
        table.problems.error(line, _("The id is too long, or contains invisible characters."), hint)
    elif text in context.ids:
        file, earlier = context.ids[text]
        table.problems.error(
            line,
            _("Item id “%(id)s” is already used in %(file)s, line %(line)s.", id=text, file=file, line=earlier),
            _("Give each item of the show an id of its own."),
        )
    elif text:
        context.ids[text] = (Path(table.problems.file).name, line)
    return ItemId(text)


def _title(table: Table, kind: ItemType | None, exhibitor: Exhibitor | None) -> str:
    required = kind is not None and kind is not ItemType.PROFILE
    title = table.text("title", _("Give the item the title that viewers read."), required=required)
    if title:
        return cleaned(title, table.line("title"), "title", table.problems)
    return exhibitor.name if exhibitor else ""


def _exhibitor(table: Table, kind: ItemType | None, context: Context) -> Exhibitor | None:
    name = table.text("exhibitor", required=False)
    if not name:
        if kind is ItemType.PROFILE and "exhibitor" not in table.values:
            table.missing("exhibitor", _("Write the exhibitor's id from %(file)s.", file=exhibitors_csv.FILE))
        elif kind is ItemType.PROFILE and table.values["exhibitor"] == "":
            table.problems.error(
                table.line("exhibitor"),
                _("“%(key)s” is empty.", key="exhibitor"),
                _("Write the exhibitor's id from %(file)s.", file=exhibitors_csv.FILE),
            )
        return None
    if context.exhibitors is None:
        table.problems.error(
            table.line("exhibitor"),
            _("There is no exhibitor “%(id)s”: the show has no %(file)s.", id=name, file=exhibitors_csv.FILE),
            _("Put %(file)s into the show's folder.", file=exhibitors_csv.FILE),
        )
        return None
    identifier = ExhibitorId(name)
    exhibitor = context.exhibitors.by_id.get(identifier)
    if exhibitor is not None:
        context.scheduled.add(identifier)
    elif context.exhibitors.usable:
        near = nearest(name, context.exhibitors.by_id)
        if near is not None:
            # The slip is told once, not again as an exhibitor that is never shown.
            context.scheduled.add(ExhibitorId(near))
        table.problems.error(
            table.line("exhibitor"),
            _("There is no exhibitor “%(id)s” in %(file)s.", id=name, file=exhibitors_csv.FILE),
            did_you_mean(name, context.exhibitors.by_id)
            or _("Add the exhibitor to %(file)s, or correct the id.", file=exhibitors_csv.FILE),
        )
    return exhibitor


def _media(table: Table, kind: ItemType | None, exhibitor: Exhibitor | None, context: Context) -> Media | None:
    name = table.text("media")
    if kind not in {ItemType.VIDEO, ItemType.PROFILE}:
        if name and kind is not None:
            _ignored(table, "media", kind)
        return None
    if name:
        return context.media.take(name, table.line("media"), table.problems)
    if kind is ItemType.VIDEO:
        if "media" not in table.values:
            table.missing("media", _('Write the video\'s file name, like media = "teaser.mp4".'))
        elif table.values["media"] == "":
            table.problems.error(
                table.line("media"), _("“%(key)s” is empty.", key="media"), _("Write the video's file name.")
            )
        return None
    if exhibitor is None or table.text("scene"):
        return exhibitor.video if exhibitor else None
    if exhibitor.video is None:
        if context.exhibitors is not None and context.exhibitors.usable:
            table.problems.fault(
                table.line("exhibitor"),
                _("Exhibitor “%(id)s” has no video; the show goes on without it.", id=exhibitor.id),
                _("Write its file name into the column “video” of %(file)s.", file=exhibitors_csv.FILE),
            )
        return Media("", fault=_("no video has been handed in"))
    return exhibitor.video


def _scene(table: Table, kind: ItemType | None) -> str | None:
    scene = table.text("scene")
    if kind is ItemType.LIVE and not scene:
        hint = _("Write the name of an OBS scene, exactly as OBS shows it.")
        if "scene" not in table.values:
            table.missing("scene", hint)
        elif table.values["scene"] == "" or isinstance(table.values["scene"], str):
            table.problems.error(table.line("scene"), _("“%(key)s” is empty.", key="scene"), hint)
    if scene and kind in {ItemType.VIDEO, ItemType.SLATE, ItemType.BREAK}:
        _ignored(table, "scene", kind)
        return None
    return scene or None


def _ignored(table: Table, key: str, kind: ItemType) -> None:
    table.problems.warning(
        table.line(key),
        _("“%(key)s” means nothing for an item of type %(type)s; it is ignored.", key=key, type=kind.value),
        _("Remove it, or change the type."),
    )


def _duration(table: Table) -> timedelta | None:
    value = table.values.get("duration")
    if value is None:
        return None
    duration = parse_duration(value)
    if duration is None:
        table.wrong(
            "duration",
            _("a duration of up to two days"),
            _('Write it like "45m", "1h15m", "90s", "12:30" (minutes:seconds), "40 menit", or a number of seconds.'),
        )
    return duration


def read_transition(table: Table) -> Transition | None:
    """What `transition` says; None when nothing is written, or it cannot be read."""
    value = table.values.get("transition")
    if value is None:
        return None
    transition = parse_transition(value)
    if transition is None:
        table.wrong(
            "transition",
            _("a transition"),
            _('Write transition = "cut", "fade", or "fade 0.5s" with a duration of up to %(most)s seconds.', most=2),
        )
    return transition


def _own_length(media: Media | None, scene: str | None) -> timedelta | None:
    if media is None:
        return None
    return media.duration or (CARD_TIME if media.fault and not scene else None)


def _is_open(kind: ItemType | None, media: Media | None, scene: str | None) -> bool:
    """Whether the item has no video that could tell how long it is."""
    if kind is ItemType.PROFILE:
        return scene is not None and (media is None or media.duration is None)
    return kind in {ItemType.LIVE, ItemType.SLATE, ItemType.BREAK}


def _start(table: Table, day: date, context: Context) -> Clock | datetime | None:
    if "start" not in table.values:
        return None
    return read_time(table, "start", day, context.zone)


def read_time(table: Table, key: str, day: date, zone: ZoneInfo) -> Clock | datetime | None:
    """The time at `key`, which is there; None when it cannot be read or lies on another day."""
    start = parse_start(table.values[key], zone, day)
    if isinstance(start, OtherZone):
        table.problems.error(
            table.line(key),
            _("“%(key)s” is in zone %(zone)s, but the show runs in %(own)s.", key=key, zone=start.zone, own=zone.key),
            _("Write the local time of the show, without a zone."),
        )
        return None
    if start is None:
        table.wrong(key, _("a time"), _('Write it like %(key)s = 09:00:00 or %(key)s = "09.00".', key=key))
        return None
    if isinstance(start, datetime):
        local = start.date()
        if start.tzinfo is not None and is_of_this_age(start):
            local = start.astimezone(zone).date()
        if not day <= local <= day + timedelta(days=1):
            table.problems.error(
                table.line(key),
                _("“%(key)s” lies on %(date)s, but this file's day is %(day)s.", key=key, date=local, day=day),
                _("Leave the date out: write %(key)s = %(time)s.", key=key, time=start.time().isoformat()),
            )
            return None
    return start

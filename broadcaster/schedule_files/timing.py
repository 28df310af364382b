"""A day's items among one another: order, hard starts, durations that follow from what comes next, overlaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.language import ngettext
from broadcaster.schedule_files.items import Context, Draft, read_time
from broadcaster.schedule_files.times import Instant, place
from broadcaster.show.rundown import End, HardStart

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from broadcaster.schedule_files.tables import Table


def settle_starts(drafts: list[Draft], day: date, zone: ZoneInfo) -> None:
    """Set `hard_start` of each draft that has one: bare times that go back by more than 12 hours are past midnight."""
    before: Draft | None = None
    for draft in drafts:
        if draft.start is None:
            continue
        after = before.hard_start if before else None
        instant = place(draft.start, zone, day, after)
        line = draft.table.line("start")
        _tell_oddity(instant, line, draft.table, zone)
        if before is None or after is None or instant.utc > after:
            draft.hard_start = instant.utc
            before = before if draft.skip else draft
        elif draft.skip:
            draft.hard_start = instant.utc
        elif instant.utc == after:
            draft.table.problems.error(
                line,
                _(
                    "“%(title)s” starts at %(time)s, and so does “%(other)s” on line %(line)s.",
                    title=_name(draft),
                    time=_local(instant.utc, zone),
                    other=_name(before),
                    line=before.table.line("start"),
                ),
                _("Give one of them another start, or none: without one it follows the item before it."),
            )
        else:
            draft.table.problems.error(
                line,
                _(
                    "The times go backwards: “%(title)s” starts at %(time)s, after “%(other)s” at %(earlier)s.",
                    title=_name(draft),
                    time=_local(instant.utc, zone),
                    other=_name(before),
                    earlier=_local(after, zone),
                ),
                _("Move the item to its place, or correct its start."),
            )
    if drafts and not drafts[0].hard and not drafts[0].table.spoilt:
        drafts[0].table.problems.error(
            drafts[0].table.line(),
            _("The day's first item has no start."),
            _("Write when the day begins, like start = 09:00:00."),
        )


def settle_durations(drafts: list[Draft], context: Context) -> None:
    """Give open items the time until the hard start that follows, and tell of overlaps."""
    active = [draft for draft in drafts if not draft.skip]
    following_each: list[Draft | None] = [*active[1:], None]
    run: list[tuple[Draft, datetime | None]] = []
    cursor: datetime | None = None
    for draft, following in zip(active, following_each, strict=False):
        if draft.hard:
            if draft.hard_start is not None and cursor is not None and cursor > draft.hard_start:
                _tell_overlap(draft, draft.hard_start, cursor, run, context)
            cursor = draft.hard_start
            run = []
        run.append((draft, cursor))
        if draft.needs_duration:
            _close(draft, cursor, following)
        if following is not None and not following.hard:
            _overlap_for_fade(draft, following, context)
        if (
            draft.end is End.MANUAL
            and following is not None
            and following.hard_start is not None
            and context.policy.hard_start is HardStart.CUT
        ):
            draft.table.problems.warning(
                draft.table.line("end"),
                _(
                    "“%(title)s” ends by hand, but at %(time)s it is cut by the hard start of “%(next)s”.",
                    title=_name(draft),
                    time=_local(following.hard_start, context.zone),
                    next=_name(following),
                ),
                _('Remove that start, or set hard_start = "finish" in expo.toml.'),
            )
        cursor = cursor + draft.duration if cursor is not None and draft.duration is not None else None


def _overlap_for_fade(draft: Draft, following: Draft, context: Context) -> None:
    """A fade shows both at once: what follows begins before the end of a video that plays to its end."""
    fade = (following.transition or context.transition).duration
    if draft.is_as_long_as_its_video and draft.duration is not None and draft.duration > 2 * fade:
        draft.duration -= fade


def _close(draft: Draft, begins: datetime | None, following: Draft | None) -> None:
    if following is not None and following.hard:
        if begins is not None and following.hard_start is not None and following.hard_start > begins:
            draft.duration = following.hard_start - begins
        return
    if draft.table.spoilt:
        return
    draft.table.problems.error(
        draft.table.line(),
        _("“%(title)s” has no duration, and no item with a start follows it.", title=_name(draft)),
        _('Write one, like duration = "45m".'),
    )


def _tell_overlap(
    draft: Draft, start: datetime, until: datetime, run: list[tuple[Draft, datetime | None]], context: Context
) -> None:
    known = [(earlier, begins) for earlier, begins in run if begins is not None]
    cut = [earlier for earlier, begins in known if begins < start][-1:]
    unseen = [earlier for earlier, begins in known if begins >= start]
    message = _(
        "“%(title)s” starts at %(time)s, but what comes before it is planned until %(until)s, %(overlap)s longer.",
        title=_name(draft),
        time=_local(start, context.zone),
        until=_local(until, context.zone),
        overlap=_length(until - start),
    )
    if context.policy.hard_start is HardStart.CUT:
        if cut:
            message += " " + _("“%(title)s” will be cut.", title=_name(cut[0]))
        if unseen:
            message += " " + ngettext(
                "%(n)s item before it will not be shown.", "%(n)s items before it will not be shown.", len(unseen)
            )
    else:
        message += " " + _("It will start late.")
    draft.table.problems.warning(
        draft.table.line("start"), message, _("Start it later, or shorten or skip something before it.")
    )


def planned_end(table: Table, drafts: list[Draft], day: date, context: Context) -> datetime | None:
    if "planned_end" not in table.values:
        return None
    written = read_time(table, "planned_end", day, context.zone)
    if written is None:
        return None
    starts = [draft.hard_start for draft in drafts if draft.hard_start is not None and not draft.skip]
    instant = place(written, context.zone, day, starts[-1] if starts else None)
    line = table.line("planned_end")
    _tell_oddity(instant, line, table, context.zone)
    hint = _("Correct it; for a time past midnight write date and time, like 2026-11-25T00:30:00.")
    if starts and instant.utc <= starts[0]:
        table.problems.error(
            line,
            _("The planned end is not after the day's first start, %(time)s.", time=_local(starts[0], context.zone)),
            hint,
        )
    elif starts and instant.utc < starts[-1]:
        table.problems.warning(
            line,
            _("The planned end lies before the day's last start, %(time)s.", time=_local(starts[-1], context.zone)),
            hint,
        )
    return instant.utc


def _tell_oddity(instant: Instant, line: int, table: Table, zone: ZoneInfo) -> None:
    if not instant.oddity:
        return
    reading = _local(instant.utc, zone)
    if instant.oddity == "skipped":
        message = _("The clocks skip this time on that day; it is read as %(time)s.", time=reading)
    else:
        message = _("This time comes twice on that day, as the clocks go back; it is read as %(time)s.", time=reading)
    table.problems.warning(line, message, _("Write date, time and offset, like 2026-11-24T09:00:00+07:00."))


def _name(draft: Draft) -> str:
    return draft.title or draft.id or "?"


def _local(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    seconds = ":%S" if local.second else ""
    return local.strftime(f"%H:%M{seconds} %Z")


def _length(duration: timedelta) -> str:
    seconds = round(duration.total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"

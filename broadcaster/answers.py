"""The JSON shapes of the contract: as-run rows, timelines, rundowns. Times are RFC 3339 in UTC, spans in seconds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, assert_never

from broadcaster.pictures.code import qr_code
from broadcaster.pictures.words import one_line, shown
from broadcaster.show import wanted
from broadcaster.show.edits.fields import item_fields
from broadcaster.show.expectation import expect
from broadcaster.show.overlay_state import CodePanel, LowerThird, NextUp, StandCard
from broadcaster.show.state import Mode, Playback, State, fault_of, is_next_able, next_item, playback
from broadcaster.show.studio import Safe
from broadcaster.show.timeline import over_under, plan, projected_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broadcaster.ports import BroadcastHealth, Json, MachineHealth, Revision
    from broadcaster.show.as_run import AsRun
    from broadcaster.show.expectation import Expected
    from broadcaster.show.overlay_state import Overlay, Part
    from broadcaster.show.quota_forecast import QuotaDay
    from broadcaster.show.rundown import Day, Item, ItemId, Rundown
    from broadcaster.show.timeline import Planned


def instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rounded(number: float | None, digits: int = 0) -> float | None:
    return None if number is None else round(number, digits)


def span(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds(), 3)


def as_run_row(row: AsRun) -> Json:
    return {
        "day": row.day.isoformat(),
        "item": row.item,
        "airing": row.airing,
        "cue": row.cue,
        "type": row.type.value,
        "title": row.title,
        "exhibitor": row.exhibitor,
        "media": row.media,
        "planned_start": instant(row.planned_start),
        "expected_start": instant(row.expected_start),
        "actual_start": instant(row.actual_start),
        "actual_end": instant(row.actual_end),
        "outcome": row.outcome.value if row.outcome else None,
        "lateness_s": None if row.lateness_s is None else round(row.lateness_s, 3),
        "note": row.note,
    }


def revision(written: Revision) -> Json:
    return {
        "at": instant(written.at),
        "item": written.item,
        "text": written.text,
        "state": written.state,
        "detail": written.detail,
    }


def quota_day(day: QuotaDay) -> Json:
    """`units` by what they are spent on."""
    return {"begins": instant(day.begins), "ends": instant(day.ends), "units": dict(day.units), "total": day.total}


def timeline(rundown: Rundown) -> Json:
    return {"days": [_timeline_day(day) for day in rundown.days]}


def _timeline_day(day: Day) -> Json:
    planned = plan(day)
    end = day.planned_end or projected_end(planned)
    return {
        "day": day.date.isoformat(),
        "title": day.title,
        "items": [_timeline_item(entry) for entry in planned],
        "planned_end": instant(end),
        "over_under_s": span(over_under(planned, end)),
    }


def _timeline_item(entry: Planned) -> Json:
    return {
        "id": entry.item.id,
        "cue": entry.item.cue,
        "title": entry.item.title,
        "type": entry.item.type.value,
        "planned_start": instant(entry.start),
        "planned_end": instant(entry.end),
        "gap_s": span(entry.gap),
        "overlap_s": span(entry.overlap),
        "skip": entry.item.skip,
        "hard": entry.item.start is not None,
    }


def item(state: State, which: Item, now: datetime, expected: Mapping[ItemId, Expected]) -> Json:
    """An item as `current` and `next` of the status name it."""
    planned, times = state.planned.get(which.id), expected.get(which.id)
    on_air = state.on_air if state.on_air is not None and state.on_air.item.id == which.id else None
    exhibitor = state.rundown.exhibitor_of(which)
    expected_end = times.end if times else None
    if on_air is not None:
        expected_end = on_air.expected_end
    return {
        "id": which.id,
        "cue": which.cue,
        "type": which.type.value,
        "title": which.title,
        "exhibitor": which.exhibitor,
        "name": exhibitor.name if exhibitor else "",
        "owner": exhibitor.owner if exhibitor else "",
        "city": exhibitor.city if exhibitor else "",
        "tagline": exhibitor.tagline if exhibitor else "",
        "link": exhibitor.link if exhibitor else "",
        "planned_start": instant(planned.start if planned else None),
        "expected_start": instant(times.start if times else None),
        "actual_start": instant(on_air.actual_start) if on_air else None,
        "expected_end": instant(expected_end),
        "remaining_s": span(expected_end - now) if on_air and expected_end else None,
        "end": which.end.value,
        "duration_s": span(which.duration),
        "media_fault": on_air.fault if on_air else fault_of(state, which.media),
    }


def machine(health: MachineHealth) -> Json:
    return {"free_gb": rounded(health.free_gb, 1), "clock_synchronized": health.is_clock_synchronized}


def broadcast(health: BroadcastHealth | None) -> Json | None:
    """The broadcast on YouTube that is looked after."""
    if health is None:
        return None
    return {
        "day": health.day.isoformat(),
        "id": health.id,
        "title": health.title,
        "url": health.url,
        "status": health.status,
        "privacy": health.privacy,
        "goal": health.goal,
        "stage": health.stage,
        "receives": health.receives,
        "detail": health.detail,
    }


def rundown(state: State, now: datetime, actual: Mapping[ItemId, AsRun]) -> Json:
    """The rundown with what has become of it; `actual` is each item's newest as-run row."""
    expected, upcoming = expect(state, now), next_item(state)
    return {
        "revision": state.rundown.revision,
        "title": state.rundown.title,
        "timezone": state.rundown.timezone,
        "days": [
            {
                "day": day.date.isoformat(),
                "title": day.title,
                "planned_end": instant(day.planned_end),
                "items": [_rundown_item(state, which, day, upcoming, expected, actual) for which in day.items],
            }
            for day in state.rundown.days
        ],
    }


def _rundown_item(
    state: State,
    which: Item,
    day: Day,
    upcoming: Item | None,
    expected: Mapping[ItemId, Expected],
    actual: Mapping[ItemId, AsRun],
) -> Json:
    planned, times, row = state.planned[which.id], expected.get(which.id), actual.get(which.id)
    exhibitor = state.rundown.exhibitor_of(which)
    fields = item_fields(which, day.date, state.rundown.timezone)
    return {
        "id": which.id,
        "cue": which.cue,
        "type": which.type.value,
        "title": which.title,
        "exhibitor": which.exhibitor,
        "scene": which.scene,
        "note": which.note,
        "media": PurePath(which.media.path).name if which.media else "",
        "start": fields["start"],
        "duration": fields["duration"],
        "transition": fields["transition"],
        "planned_start": instant(planned.start),
        "planned_end": instant(planned.end),
        "expected_start": instant(times.start) if times else None,
        "actual_start": instant(row.actual_start) if row else None,
        "actual_end": instant(row.actual_end) if row else None,
        "duration_s": span(which.duration),
        "state": item_state(state, which, upcoming),
        "hard": which.start is not None,
        "end": which.end.value,
        "skip": which.skip,
        "skipped": which.skip or which.id in state.skips,
        "gap_s": span(planned.gap),
        "overlap_s": span(planned.overlap),
        "media_fault": fault_of(state, which.media),
        "link": exhibitor.link if exhibitor else "",
    }


def item_state(state: State, which: Item, upcoming: Item | None) -> str:
    """on_air | next | upcoming | aired | partial | skipped | failed | filled."""
    if state.on_air is not None and state.on_air.item.id == which.id:
        return "on_air"
    if upcoming is not None and upcoming.id == which.id and playback(state) is not Playback.ENDED:
        return "next"
    outcome = state.outcomes.get(which.id)
    if outcome is not None:
        return outcome.value
    if which.skip or which.id in state.skips:
        return "skipped"
    return "upcoming" if is_next_able(state, which) else "failed"


def overlay(state: State) -> Json:
    """What overlay pages draw: parts with their times, and what standby says.

    Without parts and countdown while somebody else has the program: the operator's standby, a hand at the studio.
    """
    target = wanted.target(state)
    is_ours = state.mode in {Mode.AUTO, Mode.HELD} and not state.released
    return {
        "parts": overlay_parts(target.overlay, target.at) if is_ours else [],
        "countdown_to": instant(target.countdown_to) if is_ours else None,
        "is_standby": isinstance(target.picture, Safe),
        "is_over": state.ended,
        "next_title": one_line(target.next_title),
    }


def overlay_parts(parts: Overlay, began: datetime | None) -> list[Json]:
    """Each part as pages are told it; one without a time of its own is shown from `began`, when program changes."""
    return [
        {
            "kind": _kind(timed.part),
            "since": instant(timed.since or began),
            "until": instant(timed.until),
            **asdict(shown(timed.part)),
            **_code(timed.part),
        }
        for timed in parts.parts
    ]


def _kind(part: Part) -> str:
    match part:
        case LowerThird():
            return "lower_third"
        case CodePanel():
            return "code"
        case NextUp():
            return "next_up"
        case StandCard():
            return "stand"
        case _:
            assert_never(part)


def _code(part: Part) -> Json:
    """The code's modules a side and their path; 0 and nothing for a link that no code can hold."""
    if not isinstance(part, CodePanel):
        return {}
    code = qr_code(part.link)
    return {"size": code.size, "path": code.path} if code else {"size": 0, "path": ""}

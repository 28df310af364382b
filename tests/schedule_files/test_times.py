"""Times and durations as people write them, and a day's order."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.schedule_files.times import Clock, OtherZone, parse_duration, parse_start, parse_transition
from broadcaster.show.edits.fields import duration_text

JAKARTA = ZoneInfo("Asia/Jakarta")
DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("45m", 2700),
        ("1h15m", 4500),
        ("1h 15m", 4500),
        ("90s", 90),
        ("1.5s", 1.5),
        ("1,5 jam", 5400),
        ("12:30", 750),
        ("90:00", 5400),
        ("1:02:03", 3723),
        ("40 menit", 2400),
        ("1 jam 15 menit", 4500),
        ("2 jam", 7200),
        ("30 detik", 30),
        ("3'", 180),
        ("3’", 180),
        ("2'30\"", 150),
        ("5 MENIT", 300),
        ("  10 min ", 600),
        (75, 75),
    ],
)
def test_durations_are_read_as_people_write_them(written, seconds):
    assert timedelta(seconds=seconds) == parse_duration(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "90",
        "m",
        "15m1h",
        "1m 2m",
        "-5m",
        "0s",
        0,
        -1,
        True,
        1.5,
        None,
        "12:60",
        "1:2:3:4",
        "9" * 50 + "h",
        10**30,
        "5 hari",
        "lama",
        "3d",
    ],
)
def test_what_is_no_duration_is_not_guessed(written):
    assert parse_duration(written) is None


@given(st.integers(min_value=1, max_value=172_800_000))
def test_a_duration_is_written_so_that_it_reads_the_same(milliseconds):
    duration = timedelta(milliseconds=milliseconds)
    assert duration == parse_duration(duration_text(duration))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (time(9, 0), Clock(time(9, 0))),
        ("09.00", Clock(time(9, 0))),
        ("9:05", Clock(time(9, 5))),
        ("09:00:30", Clock(time(9, 0, 30))),
        ("09.00 WIB", Clock(time(9, 0))),
        ("24.00", Clock(time(0, 0))),
        ("2026-11-24T09:00:00", datetime(2026, 11, 24, 9, 0)),  # noqa: DTZ001  (local, as in the file)
        ("09.00 WITA", OtherZone("WITA")),
    ],
)
def test_starts_are_read_as_people_write_them(written, meant):
    assert meant == parse_start(written, JAKARTA, DAY)


@pytest.mark.parametrize("written", ["", "9", "25.00", "09:60", "jam 9", 9.0, 900, True, None, "24:01"])
def test_what_is_no_time_is_not_guessed(written):
    assert parse_start(written, JAKARTA, DAY) is None


def starts(*times: str) -> list[str]:
    return [
        f'id = "i{n}"\ntype = "slate"\ntitle = "{n}"\nduration = "1m"\nstart = {start}' for n, start in enumerate(times)
    ]


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_a_day_may_run_past_midnight(show):
    show.items(*starts("20:00:00", '"23.30"', "00:30:00", "02:00:00"), top="planned_end = 03:00:00\n")
    show.put("exhibitors.csv", "id,name\n")
    assert [utc(24, 13), utc(24, 16, 30), utc(24, 17, 30), utc(24, 19)] == [item.start for item in show.day()]
    assert utc(24, 20) == show.read().rundown.days[0].planned_end


def test_a_start_that_is_less_than_half_a_day_earlier_goes_backwards(show):
    show.put("exhibitors.csv", "id,name\n").items(*starts("14:00:00", "02:00:00"))
    assert ["backwards" in problem.message for problem in show.problems()] == [True]


def test_date_and_offset_may_be_written_out(show):
    show.put("exhibitors.csv", "id,name\n")
    show.items(*starts("2026-11-24T14:00:00", "2026-11-25T01:00:00", "2026-11-25T02:00:00+08:00"))
    assert ["so does" in problem.message for problem in show.problems()] == [True]
    show.items(*starts("2026-11-24T14:00:00", "2026-11-25T01:00:00", "2026-11-25T03:00:00+08:00"))
    assert [utc(24, 7), utc(24, 18), utc(24, 19)] == [item.start for item in show.day()]


def test_the_second_of_a_time_that_comes_twice_is_meant_when_the_first_is_over(show):
    show.change("expo.toml", "Asia/Jakarta", "Europe/Amsterdam").put("exhibitors.csv", "id,name\n")
    show.items(*starts("2026-10-25T02:50:00+02:00", "02:30:00"), date="2026-10-25")
    assert [utc(25, 0, 50, month=10), utc(25, 1, 30, month=10)] == [item.start for item in show.day()]
    assert ["twice" in problem.message for problem in show.problems()] == [True]


def test_an_open_item_lasts_until_the_hard_start_that_follows(show, probe):
    show.items(
        'id = "opening"\ntype = "live"\ntitle = "Pembukaan"\nscene = "Panggung"\nstart = 09:00:00\nduration = "10m"',
        'id = "ishoma"\ntype = "break"\ntitle = "ISHOMA"',
        'id = "p"\ntype = "profile"\nexhibitor = "sekar"\nstart = 13:00:00',
        'id = "q"\ntype = "profile"\nexhibitor = "wangi"',
    )
    assert timedelta(hours=3, minutes=50) == show.day(probe)[1].duration
    assert () == show.problems(probe)


def test_an_open_item_needs_a_duration_when_only_soft_items_lie_before_the_next_hard_start(show, probe):
    show.items(
        'id = "talk"\ntype = "live"\ntitle = "Talkshow"\nscene = "Panggung"\nstart = 09:00:00',
        'id = "p"\ntype = "profile"\nexhibitor = "sekar"',
        'id = "q"\ntype = "profile"\nexhibitor = "wangi"\nstart = 10:00:00',
    )
    assert [("error", 3)] == [(problem.severity, problem.line) for problem in show.problems(probe)]


def test_overlap_says_what_is_cut_and_how_much_is_not_shown(show, probe):
    probe.lengths = {"sekar.mp4": 600, "wangi.mp4": 600}
    show.items(
        'id = "a"\ntype = "profile"\nexhibitor = "sekar"\nstart = 09:00:00',
        'id = "b"\ntype = "profile"\nexhibitor = "wangi"',
        'id = "c"\ntype = "profile"\nexhibitor = "sekar"',
        'id = "d"\ntype = "slate"\ntitle = "Talkshow"\nstart = 09:15:00\nduration = "1m"',
    )
    (problem,) = show.problems(probe)
    assert ("warning", 23) == (problem.severity, problem.line)
    assert "15:00 longer. “Kopi Wangi” will be cut. 1 item before it will not be shown." in problem.message
    show.put("expo.toml", (show.folder / "expo.toml").read_text() + '[policy]\nhard_start = "finish"\n')
    assert show.problems(probe)[0].message.endswith("15:00 longer. It will start late.")


def test_skipped_items_are_in_nobodys_way(show, probe):
    """An organizer keeps the rained-off programme in the file and writes its stand-in beside it."""
    show.items(
        'id = "a"\ntype = "profile"\nexhibitor = "sekar"\nstart = 09:00:00\nduration = "1m"',
        'id = "b"\ntype = "live"\ntitle = "Pawai"\nscene = "Kamera 2"\nstart = 10:00:00\nduration = "3h"\nskip = true',
        'id = "c"\ntype = "profile"\nexhibitor = "wangi"\nstart = 10:00:00',
    )
    assert () == show.problems(probe)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("cut", 0), ("fade", 0.5), ("fade 1s", 1), ("Fade  300ms", 0.3), ("fade 1.5s", 1.5), ("fade 2 detik", 2)],
)
def test_transitions_are_read_as_people_write_them(written, seconds):
    transition = parse_transition(written)
    assert transition is not None
    assert timedelta(seconds=seconds) == transition.duration
    assert ("cut" if seconds == 0 else "fade") == transition.kind


@pytest.mark.parametrize(
    "written", ["", "cut 1s", "fade 0s", "fade 2.1s", "fade 5m", "wipe", "fade fast", 1, None, ["cut"]]
)
def test_what_is_no_transition_is_not_guessed(written):
    assert parse_transition(written) is None

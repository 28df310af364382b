"""A show moved in time: to now, over midnight, over a change of the clocks; and nothing else in it changed."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster import schedule_files
from broadcaster.demo_show import prepare_demo, retime

JAKARTA = ZoneInfo("Asia/Jakarta")
DEMO = Path(__file__).parent.parent / "schedules" / "demo"
DAY = """# a comment
date = 2026-11-25   # the day
title = "Demo"
planned_end = 09:07:05

[[item]]
id = "a"
start = 09:00:00 # the first
# why b has no start
[[item]]
id = "b"

[[item]]
id = "c"
start = 09:03:00
"""


def starts_of(day: str, zone: ZoneInfo, tmp_path: Path) -> list[datetime]:
    """What the reader of day files makes of the starts."""
    day = "\n".join(
        line + ('\ntype = "slate"\ntitle = "x"\nduration = 1' if line.startswith("id") else "")
        for line in day.split("\n")
    )
    (tmp_path / "expo.toml").write_text(f'title = "x"\ntimezone = "{zone.key}"\n')
    (tmp_path / "day.toml").write_text(day)
    reading = schedule_files.read(tmp_path)
    assert reading.rundown is not None, reading.problems
    [read] = reading.rundown.days
    assert read.planned_end is not None
    return [*(item.start for item in read.items if item.start), read.planned_end]


def test_the_first_item_starts_at_the_instant_and_the_rest_keeps_its_distance():
    text = retime(DAY, datetime(2026, 12, 1, 3, 30, 15, tzinfo=UTC), JAKARTA)
    day = tomllib.loads(text)
    assert date(2026, 12, 1) == day["date"]
    assert [time(10, 30, 15), None, time(10, 33, 15)] == [item.get("start") for item in day["item"]]
    assert time(10, 37, 20) == day["planned_end"]


def test_only_times_change():
    """Comments, blank lines and order are the author's."""
    text = retime(DAY, datetime(2026, 12, 1, 3, 30, 15, tzinfo=UTC), JAKARTA)
    changed = {"2026-11-25": "2026-12-01", "09:00:00": "10:30:15", "09:03:00": "10:33:15", "09:07:05": "10:37:20"}
    expected = DAY
    for old, new in changed.items():
        expected = expected.replace(old, new)
    assert expected == text


def test_a_day_moved_to_its_own_time_is_the_same_text():
    assert DAY == retime(DAY, datetime(2026, 11, 25, 9, tzinfo=JAKARTA), JAKARTA)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "America/Los_Angeles", "UTC"]),
)
def test_the_reader_finds_every_instant_where_it_belongs(tmp_path_factory, start, name):
    """Over midnight and changes of the clocks; but an hour that comes twice has no local time of its own."""
    zone = ZoneInfo(name)
    wanted = [start, start + timedelta(minutes=3), start + timedelta(minutes=7, seconds=5)]
    if any(
        at.astimezone(zone).replace(fold=0).utcoffset() != at.astimezone(zone).replace(fold=1).utcoffset()
        for at in wanted
    ):
        return
    assert wanted == starts_of(retime(DAY, start, zone), zone, tmp_path_factory.mktemp("show"))


def test_past_midnight_bare_times_go_on_from_zero():
    day = tomllib.loads(retime(DAY, datetime(2026, 12, 31, 23, 58, tzinfo=JAKARTA), JAKARTA))
    assert (date(2026, 12, 31), time(0, 1), time(0, 5, 5)) == (day["date"], day["item"][2]["start"], day["planned_end"])


def test_only_the_first_items_are_kept_when_asked():
    """The planned end was that of the whole day."""
    day = tomllib.loads(retime(DAY, datetime(2026, 12, 1, 3, tzinfo=UTC), JAKARTA, limit=2))
    assert (["a", "b"], False) == ([item["id"] for item in day["item"]], "planned_end" in day)


@pytest.mark.parametrize("day", ["date = 2026-11-25\n", 'date = 2026-11-25\n[[item]]\nid = "a"\n'])
def test_a_day_without_a_first_start_cannot_be_moved(day):
    with pytest.raises(ValueError, match="first item has no start"):
        retime(day, datetime(2026, 12, 1, tzinfo=UTC), JAKARTA)


def test_the_prepared_demo_is_a_show_that_starts_when_asked(tmp_path):
    start = datetime(2026, 12, 1, 16, 58, 30, tzinfo=UTC)
    prepared = prepare_demo(DEMO, tmp_path / "var" / "demo", start)
    rundown = schedule_files.read(prepared).rundown
    original = schedule_files.read(DEMO).rundown
    assert rundown is not None
    assert original is not None
    assert start == rundown.days[0].items[0].start
    assert [item.id for item in original.days[0].items] == [item.id for item in rundown.days[0].items]
    assert original.exhibitors == rundown.exhibitors
    assert original.filler == rundown.filler


def test_preparing_again_replaces_the_show_that_was_prepared_before(tmp_path):
    prepare_demo(DEMO, tmp_path, datetime(2026, 12, 1, tzinfo=UTC))
    (tmp_path / "hari-2.toml").write_text("date = 2026-12-02\n")
    prepare_demo(DEMO, tmp_path, datetime(2026, 12, 1, tzinfo=UTC), limit=3)
    rundown = schedule_files.read(tmp_path).rundown
    assert rundown is not None
    assert [3] == [len(day.items) for day in rundown.days]


def test_a_show_of_several_days_is_no_demo(tmp_path):
    with pytest.raises(ValueError, match="2 day files"):
        prepare_demo(DEMO.parent / "pekalongan", tmp_path, datetime(2026, 12, 1, tzinfo=UTC))

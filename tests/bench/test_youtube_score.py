"""The score of a run can tell a bad one: each fault that it looks for, made on purpose."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bench import youtube_score as score
from bench.youtube_shows import seventy
from broadcaster.show.as_run import AsRun
from broadcaster.show.rundown import ExhibitorId, ItemId, ItemType
from tests.emulators.youtube import Version

NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
SHOW = seventy(1, 3)
A, B, _C = (str(key) for key in SHOW.exhibitors)


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def row(start: float, end: float, exhibitor: str | None) -> AsRun:
    key = None if exhibitor is None else ExhibitorId(exhibitor)
    item = ItemId(f"i{start}")
    return AsRun(date(2026, 11, 25), item, 1, "1", ItemType.VIDEO, "x", key, None, None, None, at(start), at(end))


def version(since: float, exhibitor: str | None) -> Version:
    link = SHOW.exhibitors[ExhibitorId(exhibitor)].link if exhibitor else SHOW.shop_url
    text = f"{score.OPENING}\nSedang tayang: X – {link}\n{score.CLOSING}\n\nOrang"
    return Version(at(since), {"description": text}, "api")


ROWS = [row(0, 100, A), row(100, 200, B), row(200, 300, None)]


def lines(*versions: Version) -> list[score.Span]:
    return score.on_line_one(SHOW, versions, at(300))


class TestLineOne:
    def test_its_delay_is_counted_from_the_start_on_air(self):
        assert [1.5, 12.0] == score.delays(score.on_air(ROWS), lines(version(1.5, A), version(112, B)))

    def test_a_name_that_never_came_is_not_a_delay(self):
        assert [1.5, None] == score.delays(score.on_air(ROWS), lines(version(1.5, A), version(201, B)))

    def test_a_name_that_stays_too_long_is_wrong_for_so_long_whatever_is_on_air(self):
        found = score.wrong(score.on_air(ROWS), lines(version(0, A), version(250, None)))
        assert [(A, 150.0)] == [(span.exhibitor, span.seconds) for span in found]

    def test_the_shops_own_address_names_nobody(self):
        assert [] == score.wrong(score.on_air(ROWS), lines(version(0, None)))

    def test_a_block_with_a_damaged_marker_names_nobody(self):
        text = str(version(0, A).snippet["description"])
        assert (A, None) == (score.named(SHOW, text), score.named(SHOW, text.replace("▼▼▼ EXPO", "▼▼ EXPO")))


class TestPeoplesText:
    def test_it_is_what_stands_around_the_block_however_its_markers_look(self):
        text = f"Atas\n\n▼▼ EXPO ▼▼▼\nblok\n{score.CLOSING}\n\nBawah\n"
        assert "Atas\nBawah" == score.own_text(text)

    def test_a_second_block_is_taken_for_no_block(self):
        text = f"{score.OPENING}\nblok\n{score.CLOSING}\n"
        assert ("blok", "") == (score.block(text), score.block(text + text))


class TestTheLastDescription:
    def test_each_exhibitor_that_aired_must_stand_in_it_with_its_time(self):
        name = SHOW.exhibitors[ExhibitorId(A)].name
        begins = at(-65.4)
        assert [] == score.missing_times(SHOW, ROWS[:1], begins, at(300), f"0:00 Pembukaan\n1:06 {name}")
        assert 1 == len(score.missing_times(SHOW, ROWS[:1], begins, at(300), f"0:00 Pembukaan\n1:09 {name}"))
        assert 1 == len(score.missing_times(SHOW, ROWS[:1], begins, at(300), "1:06 Orang lain"))

    def test_what_aired_before_the_broadcast_began_needs_no_time(self):
        assert [] == score.missing_times(SHOW, ROWS[:1], at(50), at(300), "")

    def test_chapters_begin_at_zero_and_are_three_and_ten_seconds_apart(self):
        assert [] == score.chapter_faults("0:00 A\n0:10 B\n1:00:10 C")
        assert ["only 2 chapters"] == score.chapter_faults("0:00 A\n0:10 B")
        assert ["the first chapter is at 0:00:05"] == score.chapter_faults("0:05 A\n0:20 B\n0:40 C")
        assert ["0:00:29 follows 0:00:20"] == score.chapter_faults("0:00 A\n0:20 B\n0:29 C")


def test_a_message_that_stands_twice_in_the_chat_is_found():
    assert ["B"] == score.doubles(["A", "B", "C", "B"])

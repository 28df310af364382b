"""A show's files, as a rundown."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from broadcaster.schedule_files import is_show_file, read, watch_paths
from broadcaster.schedule_files.items import CARD_TIME
from broadcaster.show.rundown import (
    End,
    HardStart,
    Item,
    ItemId,
    ItemType,
    MissedStart,
    MissingMedia,
)


def test_a_small_show_becomes_a_rundown(show, probe):
    reading = show.read(probe)
    assert () == reading.problems
    rundown = reading.rundown
    assert ("Expo UMKM", "Asia/Jakarta") == (rundown.title, rundown.timezone)
    assert (date(2026, 11, 24), "Hari 1", None) == (
        rundown.days[0].date,
        rundown.days[0].title,
        rundown.days[0].planned_end,
    )
    opening, sekar, wangi = rundown.days[0].items
    assert opening == Item(
        id=ItemId("opening"),
        cue="01",
        type=ItemType.LIVE,
        title="Pembukaan",
        scene="Panggung",
        start=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
        duration=timedelta(minutes=45),
    )
    assert ("Batik Sekar", timedelta(seconds=40)) == (sekar.title, sekar.duration)
    assert str(show.folder / "media" / "wangi.mp4") == wangi.media.path


def test_what_is_optional_is_taken_from_the_files_too(show, probe):
    show.put(
        "expo.toml",
        'title = "Expo"\ntimezone = "Asia/Makassar"\nshop_url = "https://toko.example"\n'
        'standby_scene = "Expo · Standby"\n'
        'hashtags = ["#UMKM", "Pekalongan"]\nfiller = ["sekar.mp4"]\n'
        '[policy]\nhard_start = "finish"\nmissed_start = "restart"\nmissing_media = "skip"\n',
    )
    show.change("day1.toml", 'title = "Hari 1"', 'title = "Hari 1"\nplanned_end = 16:00:00')
    show.change(
        "day1.toml", 'exhibitor = "sekar"', 'exhibitor = "sekar"\nend = "manual"\nskip = true\nnote = "cek suara"'
    )
    rundown = show.read(probe).rundown
    assert "https://toko.example" == rundown.shop_url
    assert "Expo · Standby" == rundown.standby_scene
    assert ("UMKM", "Pekalongan") == rundown.hashtags
    assert [str(show.folder / "media" / "sekar.mp4")] == [media.path for media in rundown.filler]
    assert (HardStart.FINISH, MissedStart.RESTART, MissingMedia.SKIP) == (
        rundown.policy.hard_start,
        rundown.policy.missed_start,
        rundown.policy.missing_media,
    )
    assert datetime(2026, 11, 24, 8, 0, tzinfo=UTC) == rundown.days[0].planned_end
    sekar = rundown.days[0].items[1]
    assert (End.MANUAL, True, "cek suara") == (sekar.end, sekar.skip, sekar.note)


def test_days_are_in_the_order_of_their_dates_not_of_their_names(show, probe):
    show.items(
        'id = "before"\ntype = "slate"\ntitle = "Gladi"\nstart = 10:00:00\nduration = "1m"',
        date="2026-11-23",
        name="z-gladi-bersih.toml",
    )
    assert [date(2026, 11, 23), date(2026, 11, 24)] == [day.date for day in show.read(probe).rundown.days]


def test_cues_are_as_wide_as_the_day_needs(show, probe):
    items = [f'id = "i{n}"\ntype = "profile"\nexhibitor = "sekar"\n' for n in range(100)]
    items[0] += "start = 09:00:00"
    show.items(*items)
    assert ["001", "002", "100"] == [show.day(probe)[place].cue for place in (0, 1, 99)]


class TestMedia:
    def test_a_missing_video_is_an_error_that_the_show_survives(self, show, probe):
        (show.folder / "media" / "sekar.mp4").unlink()
        reading = show.read(probe)
        assert [("error", False, 2)] == [(p.severity, p.blocking, p.line) for p in reading.problems]
        sekar = reading.rundown.days[0].items[1]
        assert "the file is missing" == sekar.media.fault
        assert sekar.duration == CARD_TIME

    def test_an_unplayable_video_keeps_the_duration_that_is_written(self, show, probe):
        probe.faults["sekar.mp4"] = "its picture cannot be decoded"
        show.change("day1.toml", 'exhibitor = "sekar"', 'exhibitor = "sekar"\nduration = "50s"')
        reading = show.read(probe)
        assert ["its picture cannot be decoded" in problem.message for problem in reading.problems] == [True]
        assert timedelta(seconds=50) == reading.rundown.days[0].items[1].duration

    def test_an_exhibitor_without_a_video_is_shown_as_a_card(self, show, probe):
        show.change("exhibitors.csv", "sekar.mp4", "")
        reading = show.read(probe)
        assert [("error", False)] == [(problem.severity, problem.blocking) for problem in reading.problems]
        assert reading.rundown.days[0].items[1].media.fault

    def test_each_video_is_probed_and_told_of_once(self, show, probe):
        probe.faults["sekar.mp4"] = "it has no picture, only sound"
        items = [f'id = "i{n}"\ntype = "profile"\nexhibitor = "sekar"\n' for n in range(5)]
        show.items(items[0] + "start = 09:00:00", *items[1:])
        assert 1 == len([p for p in show.problems(probe) if p.severity == "error"])
        assert ["sekar.mp4", "wangi.mp4"] == probe.asked

    def test_a_video_may_lie_anywhere(self, show, probe, tmp_path):
        outside = tmp_path / "usb" / "wangi.mp4"
        outside.parent.mkdir()
        outside.touch()
        show.change("exhibitors.csv", "wangi.mp4", str(outside))
        show.change("exhibitors.csv", "sekar.mp4", "../../usb/wangi.mp4")
        assert () == show.problems(probe)
        assert {str(outside)} == {item.media.path for item in show.day(probe)[1:]}

    def test_a_name_from_a_mac_is_found_however_it_is_spelt(self, show, probe):
        show.put("media/cafe\u0301.mp4", b"x")
        show.change("exhibitors.csv", "sekar.mp4", "caf\u00e9.mp4")
        assert () == show.problems(probe)

    def test_a_scene_takes_the_place_of_the_video(self, show, probe):
        show.change("day1.toml", 'exhibitor = "sekar"', 'exhibitor = "sekar"\nscene = "Kamera 2"')
        sekar = show.day(probe)[1]
        assert ("Kamera 2", None, timedelta(seconds=40)) == (sekar.scene, sekar.media, sekar.duration)

    def test_an_items_own_video_takes_the_place_of_the_exhibitors(self, show, probe):
        show.change("day1.toml", 'exhibitor = "sekar"', 'exhibitor = "sekar"\nmedia = "wangi.mp4"')
        assert show.day(probe)[1].media.path.endswith("wangi.mp4")

    def test_without_a_probe_lengths_are_not_known_and_not_missed(self, show):
        reading = show.read()
        assert () == reading.problems
        assert reading.rundown.days[0].items[1].duration is None


class TestFiles:
    def test_a_folder_that_is_not_there_is_a_problem(self, tmp_path):
        reading = read(tmp_path / "none")
        assert (None, 1) == (reading.rundown, len(reading.problems))

    def test_files_are_named_as_people_see_them(self, show, monkeypatch):
        show.change("expo.toml", "Jakarta", "Jakrta")
        assert str(show.folder / "expo.toml") == show.problems()[0].file
        monkeypatch.chdir(show.folder.parent)
        assert "expo/expo.toml" == show.problems()[0].file
        assert "expo/expo.toml" == read(show.folder.relative_to(show.folder.parent)).problems[0].file

    @pytest.mark.parametrize("make", ["folder", "fifo", "dangling"])
    def test_what_is_no_file_is_a_problem_and_does_not_hang(self, show, make):
        path = show.folder / "day2.toml"
        {
            "folder": path.mkdir,
            "fifo": lambda: os.mkfifo(path),
            "dangling": lambda: path.symlink_to("nowhere"),
        }[make]()
        assert ["day2.toml"] == [os.path.basename(problem.file) for problem in show.problems()]

    def test_editors_leftovers_are_not_read(self, show, probe):
        for name in (".day1.toml.swp", "day1.toml~", ".#day1.toml", "~day1.toml", "day1.toml.bak"):
            show.put(name, "not = [toml")
        assert () == show.problems(probe)

    def test_the_watcher_knows_which_files_matter(self, show):
        show.put("catatan.docx", b"")
        names = ["day1.toml", "exhibitors.csv", "expo.toml"]
        assert names == [path.name for path in watch_paths(show.folder)]
        assert names == sorted(path.name for path in show.folder.iterdir() if is_show_file(path))

    @pytest.mark.parametrize("name", ["expo.toml", "exhibitors.csv", "day1.toml"])
    def test_the_revision_changes_with_any_byte(self, show, name):
        before = show.read().rundown.revision
        assert before == show.read().rundown.revision
        show.put(name, (show.folder / name).read_bytes() + b"\n")
        assert before != show.read().rundown.revision

    def test_the_revision_changes_with_a_new_file(self, show):
        before = show.read().rundown.revision
        show.put("description.txt", "{{ title }}")
        assert before != show.read().rundown.revision

    def test_a_bad_description_template_does_not_stop_the_show(self, show, probe):
        show.put("description.txt", "{{ title")
        reading = show.read(probe)
        assert ["error"] == [problem.severity for problem in reading.problems]
        assert reading.rundown is not None

    def test_byte_order_marks_and_windows_line_ends_are_fine(self, show, probe):
        for name in ("expo.toml", "exhibitors.csv", "day1.toml"):
            text = (show.folder / name).read_text("utf-8")
            show.put(name, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        reading = show.read(probe)
        assert () == reading.problems
        assert "Expo UMKM" == reading.rundown.title
        show.change("day1.toml", "sekar", "sekr")
        assert [15] == [problem.line for problem in show.problems(probe) if "sekr" in problem.message]


def test_each_video_is_known_by_the_line_that_names_it_first(show, probe):
    """What is found out about it later is told there. What is missing is told at once."""
    show.change("expo.toml", "title =", 'filler = ["sekar.mp4"]\ntitle =')
    show.put(
        "exhibitors.csv", "id,name,video\nsekar,Batik Sekar,./sekar.mp4\nwangi,Kopi Wangi,wangi.mp4\nx,X,gone.mp4\n"
    )
    named = [(video.name, video.file.rpartition("/")[2], video.line) for video in show.read(probe).videos]
    assert [("sekar.mp4", "expo.toml", 1), ("wangi.mp4", "exhibitors.csv", 3)] == named


def test_videos_are_known_also_where_errors_leave_no_rundown(show, probe):
    show.change("day1.toml", "09:00:00", "25:00:00")
    reading = show.read(probe)
    assert reading.rundown is None
    assert ["sekar.mp4", "wangi.mp4"] == [video.name for video in reading.videos]


@pytest.mark.slow
def test_ten_thousand_items_are_read_in_well_under_two_seconds(show, probe):
    items = [
        f'id = "i{n}"\ntype = "profile"\nexhibitor = "sekar"\ntitle = "Profil {n}"\nduration = "5s"'
        for n in range(10_000)
    ]
    items[0] += "\nstart = 06:00:00"
    show.items(*items)
    begin = time.process_time()
    assert 10_000 == len(show.day(probe))
    assert time.process_time() - begin < 3  # 0.7 s on an idle machine


def test_in_a_fade_the_next_item_begins_before_the_video_before_it_ends(show, probe):
    """Both are seen at once: a video that is faded out of is on air for that much less."""
    show.change("expo.toml", 'title = "Expo UMKM"', 'title = "Expo UMKM"\ntransition = "fade 1s"')
    _, sekar, wangi = show.day(probe)
    assert timedelta(seconds=39) == sekar.duration
    assert timedelta(seconds=40) == wangi.duration, "nothing follows"
    assert None is wangi.transition, "it is the show's"


def test_an_items_own_transition_counts_for_how_it_comes_on_air(show, probe):
    show.change("day1.toml", 'exhibitor = "wangi"', 'exhibitor = "wangi"\ntransition = "fade"')
    _, sekar, wangi = show.day(probe)
    assert timedelta(seconds=39.5) == sekar.duration
    assert wangi.transition is not None
    assert timedelta(seconds=0.5) == wangi.transition.duration


def test_a_transition_that_is_none_is_told_and_cut_stands_in(show, probe):
    show.change("day1.toml", 'exhibitor = "wangi"', 'exhibitor = "wangi"\ntransition = "fade 1 menit"')
    problem = next(each for each in show.problems(probe) if "transition" in each.message)
    assert problem.file.endswith("day1.toml")
    assert "2 seconds" in problem.hint

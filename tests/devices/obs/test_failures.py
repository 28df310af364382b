"""What is known against a video, and for how long."""

from __future__ import annotations

import pytest

from broadcaster.devices.obs.failures import Failures


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "sekar.mp4"
    path.write_bytes(b"picture and sound")
    return path


def test_nothing_is_known_against_a_file_that_was_not_tried(video):
    assert Failures().why(str(video)) == ""


def test_a_missing_and_an_empty_file_need_not_be_tried(video, tmp_path):
    failures = Failures()
    assert "missing" in failures.why(str(tmp_path / "nowhere.mp4"))
    video.write_bytes(b"")
    assert "empty" in failures.why(str(video))


def test_a_file_that_failed_stays_failed_until_it_changes(video):
    failures = Failures()
    failures.mark(str(video))
    assert "sekar.mp4" in failures.why(str(video))
    video.write_bytes(b"better picture and sound")
    assert failures.why(str(video)) == ""


def test_people_are_told_once(video):
    failures = Failures()
    failures.mark(str(video))
    assert [failures.is_news(str(video)), failures.is_news(str(video))] == [True, False]


def test_people_are_told_again_when_the_mended_file_fails_too(video):
    failures = Failures()
    failures.mark(str(video))
    failures.is_news(str(video))
    video.write_bytes(b"other")
    assert failures.why(str(video)) == ""
    failures.mark(str(video))
    assert failures.is_news(str(video))

"""`youtube finish` and `report`: what stays of a broadcast, on a YouTube over HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from broadcaster.commands import app
from broadcaster.ports import Change, KnownBroadcast
from broadcaster.show.as_run import AsRun, Outcome
from broadcaster.show.rundown import ExhibitorId, ItemId, ItemType
from broadcaster.store import SqlStore
from tests.emulators.youtube import Kind, YouTubeEmulator
from tests.shows_on_disk import write_show

START = datetime(2026, 11, 24, 2, tzinfo=UTC)
"""Nine o'clock, in Pekalongan."""
OWN = "Siaran langsung pameran UMKM.\n"


@pytest.fixture
def youtube():
    """A broadcast from five to nine to a quarter past, over."""
    with YouTubeEmulator() as emulator:
        emulator.add_video("video-1", description=OWN)
        emulator.add_broadcast(START, "video-1")
        emulator.set_status("video-1", "live")
        emulator.set_status("video-1", "complete")
        emulator.broadcast("video-1").actual_start = START - timedelta(minutes=5)
        emulator.broadcast("video-1").actual_end = START + timedelta(minutes=15)
        yield emulator


@pytest.fixture
def place(tmp_path, monkeypatch, youtube):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the emulator speaks plain HTTP
    monkeypatch.setenv("COLUMNS", "200")
    write_show(tmp_path / "schedules", START)
    youtube.write_token_file(tmp_path / "token.json")
    (tmp_path / "config.toml").write_text(
        'show = "schedules/expo"\nlanguage = "en"\n[youtube]\nmode = "live"\nchannel_id = "UCexpo"\n'
        f'api_root = "{youtube.root}"\ntoken_file = "token.json"\n'
    )
    (tmp_path / "var").mkdir()
    store = SqlStore(f"sqlite:///{tmp_path}/var/broadcaster.db")
    rows = (aired("i0", 0, 300, "batik"), aired("i1", 300, 600, "kopi"), aired("i2", 600, 900, "batik"))
    store.commit(Change(START, "expo", {}, rows))
    store.keep_broadcast("expo", KnownBroadcast(START.date(), 1, video="video-1"))
    store.close()
    return tmp_path


def aired(item: str, start: float, end: float, exhibitor: str) -> AsRun:
    began = START + timedelta(seconds=start)
    return AsRun(
        START.date(),
        ItemId(item),
        1,
        item,
        ItemType.PROFILE,
        exhibitor.title(),
        ExhibitorId(exhibitor),
        None,
        None,
        None,
        began,
        START + timedelta(seconds=end),
        Outcome.AIRED,
    )


def call(*arguments: str):
    return CliRunner().invoke(app, arguments)


def chapters(youtube) -> list[str]:
    return [line for line in youtube.description("video-1").split("\n") if line[:1].isdigit()]


CHAPTERS = ["0:00 Pembukaan", "5:00 Batik", "10:00 Kopi", "15:00 Batik"]


def test_it_shows_what_it_would_write_and_writes_with_apply(place, youtube):
    shown = call("youtube", "finish")
    assert (shown.exit_code, youtube.count("videos.update")) == (0, 0)
    assert "5:00 Batik" in shown.stdout
    assert "--apply" in shown.stdout
    assert call("youtube", "finish", "--apply").exit_code == 0
    assert chapters(youtube) == CHAPTERS
    assert youtube.description("video-1").endswith(OWN)


def test_it_can_be_repeated_and_follows_what_is_known_by_then(place, youtube):
    assert call("youtube", "finish", "--apply").exit_code == 0
    again = json.loads(call("youtube", "finish", "--apply", "--json").stdout)
    assert (again["finished"][0]["written"], youtube.count("videos.update")) == (False, 1)
    store = SqlStore(f"sqlite:///{place}/var/broadcaster.db")
    store.commit(Change(START, "expo", {}, (replace(aired("i1", 300, 600, "kopi"), title="Kopi Petungkriyono"),)))
    store.close()
    assert call("youtube", "finish", "--apply").exit_code == 0
    assert "10:00 Kopi Petungkriyono" in chapters(youtube)


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.DROP_BEFORE, Kind.UNAVAILABLE])
def test_a_lost_answer_is_followed_by_a_look(place, youtube, kind, monkeypatch):
    monkeypatch.setattr("broadcaster.devices.youtube.finishing.AGAIN_S", 0)
    youtube.fault("videos.update", kind)
    assert call("youtube", "finish", "--apply").exit_code == 0
    assert chapters(youtube) == CHAPTERS
    assert youtube.count("videos.update") == (1 if kind is Kind.DROP_AFTER else 2)


def test_a_broadcast_that_is_still_live_is_left_alone(place, youtube):
    youtube.set_status("video-1", "live")
    youtube.broadcast("video-1").actual_end = None
    result = call("youtube", "finish", "--apply")
    assert (result.exit_code, youtube.count("videos.update")) == (2, 0)
    assert "still live" in result.stderr


def test_a_show_of_which_no_broadcast_is_known_says_how_to_name_one(place):
    result = call("youtube", "finish", "--day", "1", "--video", "")
    assert result.exit_code == 0
    (place / "var/broadcaster.db").unlink()
    result = call("youtube", "finish")
    assert result.exit_code == 2
    assert "--video" in result.stderr


def test_the_report_has_a_link_into_the_replay_for_each_airing(place):
    assert [row["replay"] for row in json.loads(call("report", "--json").stdout)] == [None] * 3
    call("youtube", "finish")  # from here on it is known when the broadcast began
    links = [f"https://youtu.be/video-1?t={seconds}" for seconds in (300, 600, 900)]
    assert [row["replay"] for row in json.loads(call("report", "--json").stdout)] == links
    text = call("report").stdout
    assert all(link in text for link in links)
    assert "15:00 Batik" in text

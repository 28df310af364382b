"""What goes wrong around the real OBS neither ends the show nor restarts what works."""

from __future__ import annotations

import errno
import logging
import os
import signal
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster import config
from broadcaster.devices.obs import monitor as monitor_module
from broadcaster.devices.obs.errors import Frozen, Offline
from broadcaster.devices.obs.link import Link
from broadcaster.devices.obs.loader import Loader
from broadcaster.devices.obs.monitor import Monitor
from broadcaster.devices.obs.outputs import Outputs
from broadcaster.show.messages import StudioConnected, StudioFailed, StudioLost, StudioReached
from broadcaster.show.rundown import ItemId
from broadcaster.show.studio import Card, Safe, ThinScene
from tests.devices.obs.conftest import THIN
from tests.devices.obs.targets import a_target, on_deck
from tests.obs_fixtures import RealClock

pytestmark = pytest.mark.obs


def reached(heard, target, within=5.0):
    return heard.wait_for(StudioReached, lambda event: event.target == target.id, within)


def wait_for(condition, within):
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def connected_again(heard, times=2, within=8):
    wait_for(lambda: len(heard.of(StudioConnected)) >= times, within)


class Launcher:
    """Somebody who could restart OBS, and is asked not to."""

    running_for = 3600.0

    def __init__(self, address):
        self.address = address
        self.restarts = []

    def keep_running(self):
        return True

    def restart(self, why):
        self.restarts.append(why)


@pytest.fixture
def launcher(private_obs):
    return Launcher(private_obs.address)


def test_an_obs_that_stops_for_three_seconds_goes_on_with_the_stream(
    viewer, heard, make_studio, private_obs, monkeypatch
):
    """A picture that needs no watching: so it is the monitor that misses an answer."""
    monkeypatch.setattr(monitor_module, "EVERY", 0.2)
    studio = make_studio(launcher=private_obs)
    target = a_target(Card("Tenun Lurik"), "2 Hijau")
    studio.want(target, "test")
    reached(heard, target)
    time.sleep(1.0)  # until all scenes are made, and the worker has nothing to ask
    pid = private_obs.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        heard.wait_for(StudioLost)
        time.sleep(0.4)
    finally:
        os.kill(pid, signal.SIGCONT)
    connected_again(heard)
    assert private_obs.pid == pid
    viewer.reconnect()
    assert viewer.scene == "Expo · 2 Hijau"


@pytest.mark.parametrize(("trouble", "restarts"), [(Offline("no answer"), 0), (Frozen("no frames"), 1)])
def test_only_an_obs_that_renders_nothing_is_restarted_at_once(
    viewer, heard, make_studio, launcher, monkeypatch, trouble, restarts
):
    poll, troubles = Monitor._poll, [trouble]

    def fails_once(self, connection):
        if troubles:
            raise troubles.pop()
        poll(self, connection)

    monkeypatch.setattr(Monitor, "_poll", fails_once)
    make_studio(launcher=launcher)
    connected_again(heard)
    assert len(launcher.restarts) == restarts


def test_a_picture_that_comes_too_late_costs_only_itself(private_obs, monkeypatch):
    lost: list[Offline] = []
    take, slow = monitor_module._screenshot, [Offline("too slow")]

    def slow_once(connection, width, scene):
        if slow:
            raise slow.pop()
        return take(connection, width, scene)

    monkeypatch.setattr(monitor_module, "_screenshot", slow_once)
    monitor = Monitor(private_obs.address, lost.append, Outputs(RealClock(), config.Stream(), config.Recording()))
    try:
        assert monitor.screenshot(1920, within=2) is None
        assert monitor.screenshot(160, within=2) is not None
    finally:
        monitor.close()
    assert lost == []


@contextmanager
def full_disk(folder, monkeypatch):
    """Nothing new fits into `folder`; what is there stays, and OBS looks every second whether it does."""
    write = Path.write_bytes

    def refuse(path, content):
        if path.is_relative_to(folder):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refuse)
        yield


def test_on_a_full_disk_videos_go_on_and_the_standby_slate_stays(
    studio, viewer, heard, clock, clips, tmp_path, monkeypatch
):
    merah = on_deck(clips["merah"], clock.now(), "1 Merah")
    studio.want(merah, "test")
    reached(heard, merah)
    with full_disk(tmp_path / "pictures", monkeypatch):
        standby = a_target(Safe(), "", next_title="Tenun", countdown_to=clock.now() + timedelta(seconds=60))
        studio.want(standby, "test")
        reached(heard, standby)
        viewer.see("slate")
        card = a_target(Card("Tenun Lurik", "Segera"), "2 Hijau")
        studio.want(card, "test")
        failure = heard.wait_for(StudioFailed)
        assert failure.target == card.id
        hijau = on_deck(clips["hijau"], clock.now(), "2 Hijau")
        studio.want(hijau, "test")
        reached(heard, hijau)
        viewer.see("hijau")
    assert len(heard.of(StudioConnected)) == 1
    assert heard.of(StudioLost) == []


def test_on_a_full_disk_obs_is_connected_to_all_the_same(viewer, heard, clock, clips, make_studio, tmp_path):
    (tmp_path / "pictures").touch()
    studio = make_studio()
    target = on_deck(clips["merah"], clock.now())
    studio.want(target, "test")
    reached(heard, target)
    assert heard.of(StudioLost) == []


@pytest.fixture
def clashing(viewer):
    """An item's scene, whose name an input of the operator's has."""
    viewer.click("Kamera 2")
    with viewer.a_source_called("Expo · 5 Kopi"):
        yield ThinScene("5 Kopi", ItemId("kopi"))


def test_a_scene_that_cannot_be_made_is_told_once_and_its_video_is_shown_all_the_same(
    viewer, heard, clock, clips, make_studio, clashing, caplog
):
    with caplog.at_level(logging.INFO):
        studio = make_studio(scenes=[clashing, *THIN])
        first = on_deck(clips["merah"], clock.now(), "1 Merah")
        studio.want(first, "test")
        reached(heard, first)
        time.sleep(1.5)
        told = [record for record in caplog.records if "5 Kopi" in record.getMessage()]
    assert len(told) == 1
    assert "Expo · 4 Pembukaan" in viewer.inventory()["items"]
    kopi = on_deck(clips["hijau"], clock.now(), clashing.name)
    studio.want(kopi, "test")
    reached(heard, kopi)
    viewer.see("hijau")
    assert heard.of(StudioFailed) == []
    assert heard.of(StudioLost) == []


def test_a_wish_that_was_overtaken_before_its_video_was_loaded_is_never_seen(
    studio, viewer, heard, clock, clips, monkeypatch
):
    old = on_deck(clips["merah"], clock.now(), "1 Merah")
    new = on_deck(clips["hijau"], clock.now(), "2 Hijau")
    load = Loader.load

    def overtaken(self, deck, present, path, **again):
        studio.want(new, "test")
        load(self, deck, present, path, **again)

    monkeypatch.setattr(Loader, "load", overtaken)
    studio.want(old, "test")
    reached(heard, new)
    assert [event.target for event in heard.of(StudioReached)] == [new.id]


def test_a_connection_that_cannot_be_closed_does_not_end_the_worker(
    viewer, heard, clock, clips, make_studio, monkeypatch
):
    close, polls, troubles = Link.close, Monitor._poll, [Offline("no answer")]

    def fails(self):
        close(self)
        raise RuntimeError("already gone")

    def fails_once(self, connection):
        if troubles:
            raise troubles.pop()
        polls(self, connection)

    monkeypatch.setattr(Link, "close", fails)
    monkeypatch.setattr(Monitor, "_poll", fails_once)
    studio = make_studio()
    connected_again(heard)
    target = on_deck(clips["merah"], clock.now())
    studio.want(target, "test")
    reached(heard, target)

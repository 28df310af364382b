"""The private OBS comes up whatever the last one left behind, and ends nobody else's."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import struct
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from broadcaster.devices.obs import LaunchFailed, PrivateObs, check, private_config
from broadcaster.devices.obs.connection import Connection
from broadcaster.devices.obs.process import Process
from tests.obs_fixtures import free_port


@pytest.fixture
def private(tmp_path):
    private = PrivateObs(tmp_path / "obs", free_port(), canvas=(640, 360), headless=True)
    yield private
    private.stop()


def processes_at_home(home, name=""):
    """Pids of those whose HOME it is."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            if f"HOME={home}".encode() in environment and (process / "comm").read_text().strip().startswith(name):
                found.append(int(process.name))
        except OSError:
            continue
    return found


def write(home, **changes):
    private_config.write(home, **{"port": 4455, "password": "rahasia", "canvas": (1280, 720), "fps": 30, **changes})


def test_the_configuration_keeps_what_people_set(tmp_path):
    write(tmp_path)
    basic = tmp_path / ".config/obs-studio/basic/profiles/Playout/basic.ini"
    basic.write_text(basic.read_text().replace("VBitrate=4000", "VBitrate=7000") + "\n[Hotkeys]\nA=b\n")
    write(tmp_path, canvas=(1920, 1080))
    text = basic.read_text()
    assert "VBitrate=7000" in text
    assert "A=b" in text
    assert "BaseCX=1920" in text


@pytest.mark.parametrize(
    ("canvas", "fps", "kbps"),
    [((640, 360), 30, 4000), ((1280, 720), 30, 4000), ((1280, 720), 60, 6000), ((1920, 1080), 30, 6000)],
)
def test_the_stream_is_set_to_what_youtube_likes_for_its_size(tmp_path, canvas, fps, kbps):
    write(tmp_path, canvas=canvas, fps=fps)
    text = (tmp_path / ".config/obs-studio/basic/profiles/Playout/basic.ini").read_text()
    assert f"VBitrate={kbps}\n" in text
    assert f"x264Settings=keyint={2 * fps}\n" in text


def test_a_configuration_cut_off_by_a_crash_is_written_anew(tmp_path):
    write(tmp_path)
    settings = tmp_path / ".config/obs-studio/global.ini"
    settings.write_bytes(settings.read_bytes()[:37] + b"\xff\xfe no section")
    write(tmp_path)
    assert "ServerPort=4455" in settings.read_text()


def test_crash_marks_are_removed_before_they_ask_questions(tmp_path):
    root = tmp_path / ".config/obs-studio"
    (root / ".sentinel").mkdir(parents=True)
    marks = [root / "safe_mode", root / ".sentinel" / "run_1"]
    for mark in marks:
        mark.touch()
    write(tmp_path)
    assert [mark.exists() for mark in marks] == [False, False]


def test_secrets_are_for_the_owner_only(tmp_path):
    private = PrivateObs(tmp_path / "obs", 4455)
    assert len(private.password) >= 24
    write(private.home, password=private.password)
    secret = [path for path in private.home.rglob("*") if path.is_file() and private.password in path.read_text()]
    assert len(secret) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}
    assert stat.S_IMODE(private.home.stat().st_mode) == 0o700
    assert PrivateObs(tmp_path / "obs", 4455).password == private.password


def test_a_process_of_somebody_else_is_never_taken_for_ours(tmp_path):
    """A pid that is used again, or one with another home."""
    pid_file = tmp_path / "obs.pid"
    with subprocess.Popen(["sleep", "30"], env={"HOME": str(tmp_path)}) as child:
        ours = Process.of_child(child)
        ours.write(pid_file)
        assert Process.read(pid_file, tmp_path) == ours
        assert Process.read(pid_file, tmp_path / "elsewhere") is None
        pid_file.write_text(json.dumps({"pid": child.pid, "started": ours.started - 1}))
        assert Process.read(pid_file, tmp_path) is None
        child.kill()
    assert not ours.alive()


def test_a_process_is_known_from_its_first_instant_on(tmp_path):
    """Else two services that begin together would start two OBS in one home."""
    pid_file = tmp_path / "obs.pid"
    for _ in range(30):  # on a busy machine, Linux still lays out the environment of every third
        with subprocess.Popen(["sleep", "30"], env={"HOME": str(tmp_path)}) as child:
            ours = Process.of_child(child)
            ours.write(pid_file)
            known = Process.read(pid_file, tmp_path)
            child.kill()
        assert known == ours


@pytest.mark.slow
def test_a_taken_port_is_said_in_words(private):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", private.address.port))
        other.listen()
        with pytest.raises(LaunchFailed, match=str(private.address.port)):
            private.startup()


def test_a_missing_program_is_said_in_words(private, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(LaunchFailed, match="apt install"):
        private.startup()


@pytest.mark.obs
def test_obs_comes_up_after_a_crash_with_all_its_marks(private):
    private.startup()
    os.kill(private.pid, signal.SIGKILL)
    root = private.home / ".config/obs-studio"
    (root / "safe_mode").touch()
    (root / "global.ini").write_text("[Gen")
    private.startup()
    with closing(Connection(private.address)) as connection:
        collections = connection.call("GetSceneCollectionList")
        video = connection.call("GetVideoSettings")
    assert collections["currentSceneCollectionName"] == "Playout"
    assert (video["baseWidth"], video["outputHeight"], video["fpsNumerator"]) == (640, 360, 30)


@pytest.mark.obs
def test_the_next_service_adopts_the_obs_that_plays_on(private):
    private.startup()
    successor = PrivateObs(private.home, private.address.port, canvas=(640, 360), headless=True)
    successor.startup()
    assert successor.pid == private.pid
    process = Process.read(private.home / "obs.pid", private.home)
    assert process is not None
    successor.stop()
    assert not process.alive()
    assert [path.name for path in private.home.glob("*.pid")] == []


@pytest.mark.obs
def test_an_obs_that_hangs_is_replaced_by_the_next_service(private):
    private.startup()
    hanging = private.pid
    os.kill(hanging, signal.SIGSTOP)
    successor = PrivateObs(private.home, private.address.port, canvas=(640, 360), headless=True, answer_within=4.0)
    began = time.monotonic()
    successor.startup()
    assert time.monotonic() - began < 15
    assert successor.pid != hanging
    assert not Path(f"/proc/{hanging}/environ").exists() or not private.pid
    successor.stop()


@pytest.mark.obs
def test_an_obs_that_another_service_has_just_started_is_given_its_time(private):
    private.keep_running()
    started = private.pid
    successor = PrivateObs(private.home, private.address.port, canvas=(640, 360), headless=True)
    successor.startup()
    assert (private.pid, successor.pid) == (started, started)


@pytest.mark.obs
def test_two_services_on_one_home_share_one_obs_also_after_it_died(private):
    private.startup()
    other = PrivateObs(private.home, private.address.port, canvas=(640, 360), headless=True)
    other.startup()
    os.kill(private.pid, signal.SIGKILL)
    other.startup()
    private.startup()
    assert private.pid == other.pid
    assert len(processes_at_home(private.home, "obs")) == 1


@pytest.mark.obs
def test_nobody_looks_at_the_display_without_its_key(private):
    private.startup()
    key = private.home / "xauthority"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    number = int((private.home / "xvfb.display").read_text())
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(f"/tmp/.X11-unix/X{number}")
        # The X protocol's greeting: byte order, version 11.0, no authorization.
        stranger.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        answer = stranger.recv(1)
    refused = b"\0"
    assert answer == refused


@pytest.mark.obs
def test_an_obs_that_ends_at_once_leaves_no_display_behind(private, tmp_path, monkeypatch):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "obs").write_text("#!/bin/sh\nexit 1\n")
    (programs / "obs").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    with pytest.raises(LaunchFailed, match="last words"):
        private.startup()
    assert processes_at_home(private.home) == []


def test_a_home_that_cannot_be_written_is_said_in_words(tmp_path):
    (tmp_path / "obs").write_text("not a folder")
    private = PrivateObs(tmp_path / "obs", free_port(), password="rahasia", headless=True)
    with pytest.raises(LaunchFailed, match=str(tmp_path / "obs")):
        private.keep_running()


@pytest.mark.obs
def test_check_finds_what_is_wrong_with_a_bare_obs(private):
    private.startup()
    problems = check(private.address, "Expo · ", ["Panggung Utama"])
    assert any("640×360" in problem for problem in problems)
    assert any("Panggung Utama" in problem for problem in problems)
    assert any("broadcaster obs setup" in problem for problem in problems)

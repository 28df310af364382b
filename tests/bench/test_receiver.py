"""The receiver keeps what is sent, dies and comes back like a server of somebody else's."""

from __future__ import annotations

import subprocess
import time

import pytest

from bench.received import frames
from bench.received.clips import Kind, make_clips
from bench.received.receiver import KEY, Receiver

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return make_clips(tmp_path_factory.mktemp("clips"), (Kind("long", "long.mp4", frames=150),))[0]


def send(receiver: Receiver, clip) -> subprocess.Popen[bytes]:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", clip.path, "-c", "copy", "-f", "flv"]
    return subprocess.Popen([*command, f"{receiver.server}/{KEY}"], stderr=subprocess.DEVNULL)


def test_every_frame_that_was_sent_is_in_the_recording(tmp_path, clip):
    with Receiver(tmp_path) as receiver:
        assert 0 == send(receiver, clip).wait(30)
        recording = receiver.wait()
    assert list(range(150)) == [seen.frame for seen in frames.watch(recording, [clip])]


def test_a_server_that_was_killed_comes_back_on_its_port_and_what_came_before_can_be_read(tmp_path, clip):
    with Receiver(tmp_path) as receiver:
        cut_off = send(receiver, clip)
        time.sleep(3)
        receiver.kill()
        assert 0 != cut_off.wait(30)
        with pytest.raises(RuntimeError, match="Nothing was received"):
            Receiver(tmp_path / "other").wait()
        receiver.listen()
        assert 0 == send(receiver, clip).wait(30)
        receiver.wait()
        before, after = (len(frames.watch(each, [clip])) for each in receiver.recordings)
    assert 0 < before < 150
    assert 150 == after


def test_without_a_stream_it_ends_at_once_and_leaves_no_recording(tmp_path):
    with Receiver(tmp_path) as receiver:
        began = time.monotonic()
        receiver.stop()
        assert time.monotonic() - began < 2
        assert [] == receiver.recordings

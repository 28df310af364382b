"""`obs start` goes on whatever happens to its OBS, and leaves nothing running."""

from __future__ import annotations

import threading

import pytest

from broadcaster.commands.obs import keep_running
from broadcaster.devices.obs import LaunchFailed, PrivateObs


class Private(PrivateObs):
    """A private OBS with one trouble a look; the last one is Ctrl-C, as the signal handler takes it."""

    def __init__(self, *troubles):
        self.troubles = list(troubles)
        self.stop_asked = threading.Event()
        self.stopped = 0

    def keep_running(self):
        if not self.troubles:
            self.stop_asked.set()
            return True
        raise self.troubles.pop(0)

    def stop(self):
        self.stopped += 1


def test_a_launch_that_failed_is_told_once_and_tried_again(caplog):
    private = Private(LaunchFailed("Port 4455 is taken."), LaunchFailed("Port 4455 is taken."))
    keep_running(private, private.stop_asked, every=0.001)
    assert [record.getMessage() for record in caplog.records] == ["Port 4455 is taken."]
    assert private.stopped == 1


def test_whatever_ends_it_obs_is_stopped():
    private = Private(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        keep_running(private, private.stop_asked, every=0.001)
    assert private.stopped == 1

"""What becomes of a recording: who ended it, what it is called, and when it is begun anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from broadcaster.devices.obs.events import OutputChanged, OutputState
from broadcaster.devices.obs.record_watch import RecordStatus, RecordWatch
from broadcaster.devices.obs.stream_watch import Do
from broadcaster.show.messages import RecordingStarted, RecordingStopped
from broadcaster.show.outputs import Cause, Output, OutputsWanted
from tests.show.desk import at, s

ON = OutputsWanted(recording=True, day=date(2026, 11, 24))
OFF = replace(ON, recording=False)
FILE = "/rekaman/2026-11-24 Hari 1 – 01.mkv"


def running(watch, now, *, anew=False):
    status = RecordStatus(active=True, bytes=round(now * 1000), length=s(1))
    return watch.look(status, at(now), now, anew=anew)


def still(watch, now, *, anew=False):
    return watch.look(RecordStatus(), at(now), now, anew=anew)


def tell(watch, state, file=""):
    watch.heard(OutputChanged(at(0), Output.RECORDING, state, file))


def started(watch):
    """One that the service has begun."""
    still(watch, 0)
    watch.did(Do.START, 0)
    tell(watch, OutputState.STARTED, FILE)
    return running(watch, 1)


def test_what_the_service_began_has_obs_name_for_its_file():
    assert started(RecordWatch()) == [RecordingStarted(at(0), FILE, Cause.SERVICE)]


def test_what_a_hand_began_is_a_hands():
    watch = RecordWatch()
    still(watch, 0)
    assert running(watch, 1) == [RecordingStarted(at(0), "", Cause.HAND)]


def test_what_runs_at_the_first_look_nobody_saw_begin():
    assert running(RecordWatch(), 1) == [RecordingStarted(at(0), "", Cause.UNSEEN)]


def test_what_a_hand_ends_is_told_from_what_breaks_off():
    watch = RecordWatch()
    started(watch)
    tell(watch, OutputState.STOPPING)
    tell(watch, OutputState.STOPPED)
    assert still(watch, 2) == [RecordingStopped(at(2), Cause.HAND)]
    running(watch, 3)
    tell(watch, OutputState.STOPPED)
    assert still(watch, 4) == [RecordingStopped(at(4), Cause.BROKE)]


def test_an_end_without_an_event_is_looked_at_twice():
    watch = RecordWatch()
    started(watch)
    assert still(watch, 2) == []
    assert watch.next(ON, 2, is_room=True) is None
    assert still(watch, 3) == [RecordingStopped(at(3), Cause.BROKE)]


def test_with_another_obs_it_has_broken_off():
    watch = RecordWatch()
    started(watch)
    watch.link_lost()
    assert still(watch, 5, anew=True) == [RecordingStopped(at(5), Cause.BROKE)]


def test_while_nobody_looked_a_hand_ended_it():
    watch = RecordWatch()
    started(watch)
    watch.link_lost()
    assert still(watch, 5) == [RecordingStopped(at(5), Cause.HAND)]


def test_it_is_ended_when_it_is_wanted_no_more_and_once():
    watch = RecordWatch()
    started(watch)
    running(watch, 4)
    assert watch.next(OFF, 4, is_room=True) is Do.STOP
    watch.did(Do.STOP, 4)
    running(watch, 5)
    assert watch.next(OFF, 5, is_room=True) is None
    assert still(watch, 6) == [RecordingStopped(at(6), Cause.SERVICE)]


def test_without_room_nothing_is_begun_and_what_runs_is_ended():
    watch = RecordWatch()
    still(watch, 0)
    assert watch.next(ON, 1, is_room=False) is None
    started(watch)
    running(watch, 4)
    assert watch.next(ON, 4, is_room=False) is Do.STOP


def test_a_recording_of_somebodys_own_is_left_alone_also_when_the_disk_is_full():
    watch = RecordWatch()
    still(watch, 0)
    running(watch, 1)
    running(watch, 9)
    assert watch.next(replace(ON, recording=None), 9, is_room=False) is None

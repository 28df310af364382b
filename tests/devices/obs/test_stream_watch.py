"""What becomes of a stream is told from polls and OBS's events; what is done about it, from what is wanted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from broadcaster.devices.obs.events import OutputChanged, OutputState
from broadcaster.devices.obs.stream_watch import Do, StreamStatus, StreamWatch
from broadcaster.show.messages import Event, StreamDown, StreamStopped, StreamUp
from broadcaster.show.outputs import Cause, Output, OutputsWanted
from tests.show.desk import at, s

ON = OutputsWanted(stream=True, day=date(2026, 11, 24))
OFF = replace(ON, stream=False)
ALONE = replace(ON, stream=None)
AT_NIGHT = OutputsWanted()


@dataclass
class Obs:
    """An OBS that is looked at once a second, and does what it is told."""

    stuck_after: float = 0.0
    wanted: OutputsWanted = ON
    starts: bool = True
    """Whether there is a server that a stream can begin with."""
    now: float = 0.0
    status: StreamStatus = field(default_factory=StreamStatus)
    events: list[Event] = field(default_factory=list)
    done: list[tuple[float, Do]] = field(default_factory=list)
    stalls: bool = False
    anew: bool = False

    def __post_init__(self):
        self.watch = StreamWatch(self.stuck_after)
        self.starting: float | None = None

    def tell(self, state: OutputState, ago: float = 0.0):
        self.watch.heard(OutputChanged(at(self.now - ago), Output.STREAM, state))

    def run(self, seconds: float):
        for _ in range(round(seconds)):
            self.now += 1
            if self.status.active and not self.status.reconnecting and not self.stalls:
                more = self.status
                self.status = replace(
                    more, bytes=more.bytes + 500_000, frames=more.frames + 30, length=more.length + s(1)
                )
            self.look()

    def look(self):
        self.events += self.watch.look(self.status, self.wanted, at(self.now), self.now, anew=self.anew)
        self.anew = False
        do = self.watch.next(self.wanted, self.now)
        if do is None:
            return
        self.watch.did(do, at(self.now), self.now)
        self.done.append((self.now, do))
        if do is Do.STOP:
            self.tell(OutputState.STOPPING)
            self.ends()
        elif self.starts:
            self.begins()
        else:
            self.tell(OutputState.STARTING)
            self.tell(OutputState.STOPPED, ago=-0.1)

    # -- what OBS does

    def begins(self):
        self.status = StreamStatus(active=True)

    def ends(self):
        self.tell(OutputState.STOPPED, ago=-0.1)
        self.status = StreamStatus(bytes=self.status.bytes, frames=self.status.frames)

    def stopped_by_hand(self):
        self.tell(OutputState.STOPPING)
        self.ends()

    def breaks(self):
        self.tell(OutputState.RECONNECTING)
        self.status = replace(self.status, reconnecting=True)

    def reconnects(self):
        self.status = StreamStatus(active=True)

    # -- what is asked of it

    @property
    def told(self):
        return [type(event).__name__ for event in self.events]

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


def test_a_stream_that_is_wanted_is_started_and_one_that_is_not_is_stopped():
    obs = Obs()
    obs.run(5)
    obs.wanted = OFF
    obs.run(5)
    assert [do for _, do in obs.done] == [Do.START, Do.STOP]
    assert [(type(e).__name__, e.cause) for e in obs.events if isinstance(e, StreamUp | StreamStopped)] == [
        ("StreamStopped", Cause.UNSEEN),
        ("StreamUp", Cause.SERVICE),
        ("StreamStopped", Cause.SERVICE),
    ]


def test_where_hands_are_off_nothing_is_done():
    obs = Obs(wanted=ALONE)
    obs.run(3)
    obs.begins()
    obs.run(3)
    obs.stopped_by_hand()
    obs.run(3)
    assert obs.done == []
    assert [event.cause for event in obs.of(StreamUp)] == [Cause.HAND]
    assert [event.cause for event in obs.of(StreamStopped)] == [Cause.UNSEEN, Cause.HAND]


def test_a_stream_that_is_on_at_the_first_look_has_been_on_as_long_as_obs_says():
    obs = Obs(status=StreamStatus(active=True, bytes=9_000_000, frames=900, length=s(30)))
    obs.run(1)
    (up,) = obs.of(StreamUp)
    assert (up.cause, up.at) == (Cause.UNSEEN, at(1 - 31))


def test_a_stream_of_somebodys_own_is_not_stopped_before_the_show_has_heard_of_it():
    obs = Obs(wanted=OFF)
    obs.run(2)
    obs.begins()
    obs.run(2)
    assert obs.told == ["StreamStopped", "StreamUp"]
    assert obs.done == []


def test_a_server_that_is_not_there_is_tried_later_and_later_but_every_few_seconds():
    obs = Obs(starts=False)
    obs.run(90)
    tries = [moment for moment, _ in obs.done]
    pauses = [round(b - a) for a, b in pairwise(tries)]
    assert pauses[:4] == [2, 3, 4, 5]
    assert max(pauses) == 6
    assert "stream key" in obs.watch.attempts.why
    obs.starts = True
    obs.run(17)
    assert obs.told == ["StreamStopped", "StreamUp"]
    assert obs.watch.attempts.why == ""


def test_a_start_that_says_nothing_is_given_up_in_the_end_and_not_repeated_before():
    obs = Obs()
    obs.begins = lambda: None  # type: ignore[method-assign]
    obs.run(24)
    assert len(obs.done) == 1
    obs.run(10)
    assert len(obs.done) == 2


class TestAStreamThatBreaksOff:
    def test_is_down_from_the_moment_that_obs_tells_and_up_from_its_first_byte(self):
        obs = Obs()
        obs.run(10)
        obs.tell(OutputState.RECONNECTING, ago=-0.4)
        obs.status = replace(obs.status, reconnecting=True)
        obs.run(6)
        obs.reconnects()
        obs.run(2)
        assert [event.at for event in obs.of(StreamDown)] == [at(10.4)]
        assert [event.at for event in obs.of(StreamUp)][1:] == [at(16)]
        assert obs.done == [(1, Do.START)]

    def test_without_an_event_is_down_from_the_last_look_that_saw_it_well(self):
        obs = Obs()
        obs.run(10)
        obs.status = replace(obs.status, reconnecting=True)
        obs.run(2)
        assert obs.of(StreamDown)[0].at == at(10)

    def test_and_is_back_between_two_looks_was_down_all_the_same(self):
        obs = Obs()
        obs.run(10)
        obs.tell(OutputState.RECONNECTING, ago=-0.2)
        obs.reconnects()
        obs.now += 0.8
        obs.status = StreamStatus(active=True, bytes=50_000, frames=6, length=s(0.2))
        obs.look()
        assert [(type(e).__name__, e.at) for e in obs.events[-2:]] == [("StreamDown", at(10.2)), ("StreamUp", at(10.6))]

    def test_and_that_obs_gives_up_is_started_again(self):
        obs = Obs()
        obs.run(40)
        obs.breaks()
        obs.run(3)
        obs.ends()
        obs.run(3)
        assert obs.told == ["StreamStopped", "StreamUp", "StreamDown", "StreamUp"]
        assert [do for _, do in obs.done] == [Do.START, Do.START]

    def test_again_and_again_at_once_is_not_started_again_at_once(self):
        obs = Obs()
        for _ in range(20):
            obs.run(3)
            if obs.status.active:
                obs.ends()
        assert 3 < len(obs.done) < 15

    def test_is_left_to_obs_by_a_policy_of_nought(self):
        obs = Obs(stuck_after=0)
        obs.run(10)
        obs.breaks()
        obs.run(600)
        assert obs.done == [(1, Do.START)]
        assert obs.watch.down_for == pytest.approx(600, abs=1)

    @pytest.mark.parametrize("wanted", [ON, ALONE])
    def test_and_is_stuck_is_stopped_and_started_anew_and_is_one_outage(self, wanted):
        obs = Obs(stuck_after=20, wanted=ALONE)
        obs.run(1)
        obs.begins()
        obs.run(10)
        obs.wanted = wanted
        obs.breaks()
        obs.run(40)
        assert [do for _, do in obs.done] == [Do.STOP, Do.START]
        assert obs.done[0][0] == pytest.approx(32, abs=1)
        assert obs.told == ["StreamStopped", "StreamUp", "StreamDown", "StreamUp"]

    def test_outside_the_shows_time_is_not_ours_to_start(self):
        obs = Obs(stuck_after=20, wanted=AT_NIGHT)
        obs.run(1)
        obs.begins()
        obs.run(10)
        obs.breaks()
        obs.run(100)
        assert obs.done == []

    def test_and_is_then_stopped_by_a_hand_is_over(self):
        obs = Obs(stuck_after=20)
        obs.run(10)
        obs.breaks()
        obs.run(3)
        obs.stopped_by_hand()
        obs.wanted = OFF  # as the show decides
        obs.run(60)
        assert obs.of(StreamStopped)[-1].cause is Cause.HAND
        assert obs.done == [(1, Do.START)]

    def test_and_is_wanted_no_more_is_over(self):
        obs = Obs(stuck_after=20)
        obs.run(40)
        obs.breaks()
        obs.run(2)
        obs.starts = False
        obs.run(30)
        obs.wanted = OFF
        obs.run(20)
        assert obs.of(StreamStopped)[-1].cause is Cause.SERVICE
        assert obs.told.count("StreamDown") == 1

    def test_with_its_obs_is_started_in_the_next_one(self):
        obs = Obs()
        obs.run(40)
        obs.watch.link_lost()
        obs.now += 5
        obs.status, obs.anew = StreamStatus(), True
        obs.run(3)
        assert obs.of(StreamDown)[0].at == at(40)
        assert obs.told[-1] == "StreamUp"

    def test_while_nobody_looked_was_ended_by_a_hand_if_the_same_obs_does_not_reconnect(self):
        obs = Obs()
        obs.run(40)
        obs.watch.link_lost()
        obs.ends()
        obs.watch._heard.clear()
        obs.run(1)
        assert obs.of(StreamStopped)[-1].cause is Cause.HAND


class TestAServerThatHangs:
    def test_is_noticed_when_nothing_is_sent_any_more_and_the_outage_counts_from_the_last_byte(self):
        obs = Obs()
        obs.run(20)
        obs.stalls = True
        obs.run(8)
        assert [(event.at, event.why) for event in obs.of(StreamDown)] == [(at(20), "nothing is sent any more")]

    def test_is_noticed_by_obs_and_the_bytes_that_trickled_into_buffers_do_not_count(self):
        obs = Obs()
        obs.run(20)
        obs.stalls = True
        obs.status = replace(obs.status, congestion=1.0)
        obs.run(3)
        obs.status = replace(obs.status, bytes=obs.status.bytes + 10_000, congestion=0.2)
        obs.breaks()
        obs.run(1)
        assert obs.of(StreamDown)[0].at == at(20)

    def test_and_goes_on_is_up_from_when_it_goes_on(self):
        obs = Obs()
        obs.run(20)
        obs.stalls = True
        obs.run(10)
        obs.stalls = False
        obs.run(2)
        assert obs.of(StreamUp)[-1].at == at(31)


def test_a_stop_that_has_no_effect_is_asked_for_again():
    obs = Obs()
    obs.run(5)
    obs.ends = lambda: None  # type: ignore[method-assign]
    obs.wanted = OFF
    obs.run(20)
    assert [do for _, do in obs.done] == [Do.START, Do.STOP, Do.STOP, Do.STOP]


def test_a_stop_whose_event_is_late_is_waited_for_before_it_is_taken_for_a_break():
    obs = Obs()
    obs.run(10)
    obs.status = StreamStatus()
    obs.run(1)
    assert obs.told[-1] == "StreamUp"
    obs.tell(OutputState.STOPPING, ago=1)
    obs.tell(OutputState.STOPPED, ago=1)
    obs.wanted = OFF
    obs.run(1)
    assert obs.of(StreamStopped)[-1] == StreamStopped(at(10), Cause.HAND)
    assert obs.of(StreamDown) == []


def test_a_refusal_is_tried_again_later():
    watch = StreamWatch(0)
    watch.look(StreamStatus(), ON, at(0), 0, anew=False)
    assert watch.next(ON, 0) is Do.START
    watch.did(Do.START, at(0), 0)
    watch.refused("StartStream: 500", 0)
    assert [watch.next(ON, 0.5), watch.next(ON, 1)] == [None, Do.START]


def test_down_for_does_not_jump_with_the_wall_clock():
    watch = StreamWatch(0)
    sending = StreamStatus(active=True, bytes=1000, frames=30, length=s(1))
    watch.look(sending, ON, at(0), 0, anew=False)
    watch.look(replace(sending, reconnecting=True), ON, at(1), 1, anew=False)
    watch.look(replace(sending, reconnecting=True), ON, at(3602), 2, anew=False)
    assert watch.down_for is not None
    assert timedelta(seconds=watch.down_for) < s(5)

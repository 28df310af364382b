"""Alarms with hysteresis: raised after so long beyond one threshold, over after so long below another one.

What lies between the two changes nothing, so that a number that wavers does not make an alarm waver. Pure: what
is measured, and when, comes from whoever watches the studio.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from broadcaster.show.messages import Level
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class Alarm(StrEnum):
    DROPPED_FRAMES = "dropped_frames"
    CONGESTION = "congestion"
    LOW_BITRATE = "low_bitrate"
    RENDER_LAG = "render_lag"
    ENCODER_LAG = "encoder_lag"
    STREAM_OFF = "stream_off"
    STREAM_STUCK = "stream_stuck"
    RECORDING_OFF = "recording_off"
    DISK_LOW = "disk_low"
    DISK_FULL = "disk_full"


@dataclass(frozen=True, slots=True)
class Rule:
    """Raised once the value has been `above` for `after` seconds, over once it has been at most `below` for `clear`."""

    above: float
    after: float
    below: float
    clear: float


RULES: Mapping[Alarm, Rule] = MappingProxyType(
    {
        # Percent of frames. Viewers see 2 % as stutter; OBS's own light turns yellow at 1 % and red at 5 %.
        Alarm.DROPPED_FRAMES: Rule(2.0, 5, 0.5, 20),
        Alarm.RENDER_LAG: Rule(3.0, 10, 1.0, 30),
        Alarm.ENCODER_LAG: Rule(3.0, 10, 1.0, 30),
        # 0 to 1, as OBS says; frames are dropped from about 0.9.
        Alarm.CONGESTION: Rule(0.5, 10, 0.2, 20),
        # Share of the profile's bitrate that is missing.
        Alarm.LOW_BITRATE: Rule(0.5, 15, 0.3, 20),
        # Seconds for which what is wanted is not so; an ordinary start takes one or two.
        Alarm.STREAM_OFF: Rule(10, 0, 0, 0),
        Alarm.STREAM_STUCK: Rule(60, 0, 0, 0),
        Alarm.RECORDING_OFF: Rule(10, 0, 0, 0),
        # Free space that is missing, in shares of what is to stay free: see `lacking`.
        Alarm.DISK_LOW: Rule(0.0, 0, -0.5, 30),
        Alarm.DISK_FULL: Rule(1.0, 0, 0.0, 0),
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an alarm is raised, and since when (seconds of any steady clock) its value has said otherwise."""

    raised: bool = False
    since: float | None = None


def judge(standing: Standing, rule: Rule, value: float | None, now: float) -> Standing:
    """The alarm after one more look. None: there is nothing to be measured, and so nothing wrong."""
    if standing.raised:
        otherwise, patience = value is None or value <= rule.below, rule.clear
    else:
        otherwise, patience = value is not None and value > rule.above, rule.after
    if not otherwise:
        return Standing(standing.raised)
    since = now if standing.since is None else standing.since
    return Standing(not standing.raised) if now - since >= patience else Standing(standing.raised, since)


def judge_all(
    standings: Mapping[Alarm, Standing], values: Mapping[Alarm, float | None], now: float
) -> tuple[Mapping[Alarm, Standing], tuple[Alarm, ...]]:
    """All alarms after one more look, and those that were raised or are over since the last one."""
    after = {
        alarm: judge(standings.get(alarm, Standing()), rule, values.get(alarm), now) for alarm, rule in RULES.items()
    }
    changed = [alarm for alarm in after if after[alarm].raised != standings.get(alarm, Standing()).raised]
    return MappingProxyType(after), tuple(changed)


def lacking(free: float, keep: float) -> float:
    """Of twice what is to stay free, how much is missing, in shares of `keep`: 1 when only `keep` itself is left."""
    return (2 * keep - free) / keep


RAISED: Mapping[Alarm, tuple[Level, str]] = MappingProxyType(
    {
        Alarm.DROPPED_FRAMES: (
            Level.ALARM,
            N_(
                "The stream loses %(percent)s of its frames on the way: the network is too slow for it. "
                "Stop what else uses the network, or lower the bitrate in OBS."
            ),
        ),
        Alarm.CONGESTION: (
            Level.WARNING,
            N_(
                "The way to the streaming server is congested: frames will be lost soon. "
                "Look what else uses the network."
            ),
        ),
        Alarm.LOW_BITRATE: (
            Level.ALARM,
            N_(
                "Only %(kbps)s of %(wanted)s kbit/s leave for the streaming server: "
                "viewers see a poor picture or none. Look at the network."
            ),
        ),
        Alarm.RENDER_LAG: (
            Level.WARNING,
            N_(
                "OBS draws too slowly: %(percent)s of the frames are missing. "
                "Close other programs, or choose a smaller picture."
            ),
        ),
        Alarm.ENCODER_LAG: (
            Level.WARNING,
            N_(
                "OBS encodes too slowly: %(percent)s of the frames are missing. "
                "Close other programs, or choose a faster preset of the encoder."
            ),
        ),
        Alarm.STREAM_OFF: (
            Level.ALARM,
            N_(
                "The stream should be on and is not: %(why)s. It is tried again and again. "
                "Look at the server's address, the stream key and the network."
            ),
        ),
        Alarm.STREAM_STUCK: (
            Level.ALARM,
            N_("The stream has been down for %(for)s: %(what)s. Look at the network, and at YouTube's own page."),
        ),
        Alarm.RECORDING_OFF: (
            Level.ALARM,
            N_("The recording should be on and is not: %(why)s. It is tried again. Look at OBS, and at %(folder)s."),
        ),
        Alarm.DISK_LOW: (
            Level.WARNING,
            N_(
                "The disk of the recordings has %(free)s GB left, for about %(hours)s h; "
                "at %(keep)s GB the recording is stopped. Make room."
            ),
        ),
        Alarm.DISK_FULL: (
            Level.ALARM,
            N_(
                "The recording is stopped: its disk has only %(free)s GB left. The show goes on. "
                "Make room: from %(again)s GB on it records again."
            ),
        ),
    }
)
OVER: Mapping[Alarm, str] = MappingProxyType(
    {
        # Of a stream or a recording that is on at last, its own notice says so.
        Alarm.DROPPED_FRAMES: N_("The stream loses no more frames."),
        Alarm.CONGESTION: N_("The way to the streaming server is free again."),
        Alarm.LOW_BITRATE: N_("The stream has its bitrate again."),
        Alarm.RENDER_LAG: N_("OBS draws in time again."),
        Alarm.ENCODER_LAG: N_("OBS encodes in time again."),
        Alarm.DISK_LOW: N_("There is room for the recording again."),
    }
)

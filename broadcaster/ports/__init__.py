"""What the show needs of the world, as Protocols. The adapters are in `devices/`, `store` and `web/`."""

from broadcaster.ports.channel import BroadcastHealth, Channel, ChannelHealth, Ingestion
from broadcaster.ports.machine import Clock, MachineHealth, Probe
from broadcaster.ports.room import Conflicted, ControlRoom, Json, Refused
from broadcaster.ports.store import Change, ChatPost, JournalEntry, KnownBroadcast, KnownVideo, Revision, Store
from broadcaster.ports.studio import RecordingHealth, StreamHealth, Studio, StudioHealth

__all__ = [
    "BroadcastHealth",
    "Change",
    "Channel",
    "ChannelHealth",
    "ChatPost",
    "Clock",
    "Conflicted",
    "ControlRoom",
    "Ingestion",
    "JournalEntry",
    "Json",
    "KnownBroadcast",
    "KnownVideo",
    "MachineHealth",
    "Probe",
    "RecordingHealth",
    "Refused",
    "Revision",
    "Store",
    "StreamHealth",
    "Studio",
    "StudioHealth",
]

"""All that belongs to one connection to OBS: opened together, thrown away together."""

from __future__ import annotations

import queue
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Address, Connection
from broadcaster.devices.obs.director import Director
from broadcaster.devices.obs.events import EventFeed, MediaEnded, OutputChanged, SceneChanged
from broadcaster.devices.obs.hands import Hands
from broadcaster.devices.obs.monitor import Monitor
from broadcaster.devices.obs.rig import Rig

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.obs.errors import Offline
    from broadcaster.devices.obs.events import ObsEvent
    from broadcaster.devices.obs.names import Names
    from broadcaster.devices.obs.outcomes import Memory
    from broadcaster.devices.obs.outputs import Outputs
    from broadcaster.pictures import Pictures
    from broadcaster.ports import Clock
    from broadcaster.show.messages import Event
    from broadcaster.show.studio import TargetId


@dataclass(frozen=True, slots=True)
class Lost:
    """The monitor gave up on the connection that `mark` stands for."""

    error: Offline
    mark: object


@dataclass(frozen=True, slots=True)
class Wake:
    """Something is wanted, or it is time to stop."""


Message = SceneChanged | MediaEnded | Lost | Wake
Inbox = queue.SimpleQueue[Message]


@dataclass(slots=True)
class Link:
    """Request socket, event socket, monitor, and what works on them."""

    connection: Connection
    feed: EventFeed
    monitor: Monitor
    rig: Rig
    director: Director
    hands: Hands
    version: str
    mark: object

    @classmethod
    def open(
        cls,
        address: Address,
        inbox: Inbox,
        *,
        names: Names,
        pictures: Callable[[tuple[int, int]], Pictures],
        pages: str,
        clock: Clock,
        memory: Memory,
        post: Callable[[Event], None],
        pause: Callable[[float, TargetId], None],
        outputs: Outputs,
    ) -> Link:
        """Connect, and wait until OBS is ready. `pictures` and `pages`: see `Rig.of`.

        Raises:
            Offline: see `Connection`.
        """
        connection = Connection(address)
        feed: EventFeed | None = None
        mark = object()
        try:
            version = connection.ready()
            _drain(inbox)
            # Events first, then the scene: a change in between is told twice rather than never.
            feed = EventFeed(address, clock, lambda event: _sort(event, inbox, outputs))
            hands = Hands(str(connection.call("GetCurrentProgramScene")["currentProgramSceneName"]))
            rig = Rig.of(connection, names, pictures, pages)
            director = Director(rig=rig, clock=clock, memory=memory, hands=hands, post=post, pause=pause)
        except BaseException:
            connection.close()
            if feed is not None:
                feed.close()
            raise
        monitor = Monitor(address, lambda error: inbox.put(Lost(error, mark)), outputs)
        return cls(connection, feed, monitor, rig, director, hands, version, mark)

    def setup(self) -> None:
        """The managed scenes.

        Raises:
            Refused, Offline: see `Connection`.
        """
        self.rig.setup()
        self.director.begin()

    def close(self) -> None:
        with ExitStack() as closing:
            # One that cannot be closed is no reason to leave the others open.
            for each in (self.connection, self.feed, self.monitor):
                closing.callback(each.close)


def _sort(event: ObsEvent, inbox: Inbox, outputs: Outputs) -> None:
    """What concerns the stream and the recording is not the worker's."""
    if isinstance(event, OutputChanged):
        outputs.heard(event)
    else:
        inbox.put(event)


def _drain(inbox: Inbox) -> None:
    """Forget what an earlier connection still had to say."""
    while True:
        try:
            inbox.get_nowait()
        except queue.Empty:
            return

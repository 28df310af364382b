"""The last word by command: what a finished broadcast's description will say, and writing it, as often as wanted."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.connecting import Connecting
from broadcaster.devices.youtube.ending import actual_times
from broadcaster.devices.youtube.faults import Offline, Refused
from broadcaster.devices.youtube.pacing import UPDATE
from broadcaster.devices.youtube.video_memory import VideoMemory
from broadcaster.devices.youtube.wording import Wording
from broadcaster.language import gettext as _
from broadcaster.ports import Revision
from broadcaster.show.last_word import LastWord, compose_last
from broadcaster.show.quota import Priority

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from broadcaster import ports
    from broadcaster.config import YouTube
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.show.description import DescriptionWish

TRIES = 5
AGAIN_S = 3.0


@dataclass(frozen=True, slots=True)
class Finished:
    """`block` is what the description says, `was_written` whether it had to be changed for that."""

    video: str
    begins: datetime
    ends: datetime
    block: str
    was_written: bool = False


class Finisher:
    """Finishes one broadcast's description. Every method raises a ChannelFault when it cannot."""

    def __init__(
        self,
        settings: YouTube,
        store: ports.Store,
        show: str,
        clock: ports.Clock,
        ledger: Ledger,
        video: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store, self._show, self._clock, self._ledger = store, show, clock, ledger
        self._video = video
        self._sleep = sleep
        self._memory = VideoMemory(store, video)
        self._wording = Wording(None)
        self._connecting = Connecting(settings.model_copy(update={"broadcast_id": video}), store, show, ledger)

    def finish(self, of_day: Callable[[datetime], DescriptionWish], *, apply: bool) -> Finished:
        """The last word, written when `apply`. `of_day` gives the words of the day that an instant belongs to.

        A lost answer is followed by a look: nothing is written twice.
        """
        self._ledger.require(Priority.BROADCAST, "videos.list", "videos.list")
        publication = self._connecting.connect(self._wording, self._memory)
        begins, ends = self._times()
        word = LastWord(of_day(begins), tuple(self._store.as_run(self._show)), begins, ends)
        if not apply:
            return Finished(self._video, begins, ends, compose_last(word, publication.budget))
        for left in reversed(range(TRIES)):
            try:
                self._ledger.require(Priority.BROADCAST, *UPDATE)
                published = publication.publish(lambda: word)
                break
            except (Offline, Refused) as fault:
                if not left or (isinstance(fault, Refused) and fault.reason != "implausibleRead"):
                    raise
                self._sleep(AGAIN_S)
                self._connecting.connect(self._wording, self._memory)
        self._connecting.keep_login()
        self._memory.keep(finished_at=self._clock.now())
        if published.sent:
            self._store.add_revision(self._show, Revision(self._clock.now(), None, published.block, "sent"))
        return Finished(self._video, begins, ends, published.block, published.sent)

    def _times(self) -> tuple[datetime, datetime]:
        api = self._connecting.api
        begins, ends = actual_times(api.times(self._video)) if api else (None, None)
        if begins is None:
            raise Refused(_("The broadcast %(id)s has not been live.", id=self._video), "notLive")
        self._memory.keep(begins=begins, ends=ends)
        if ends is None:
            raise Refused(
                _("The broadcast %(id)s is still live. End it first; what has aired is known then.", id=self._video),
                "stillLive",
            )
        return begins, ends

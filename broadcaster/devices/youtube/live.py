"""One broadcast's texts: a worker thread that brings description and chat up to the newest wish, and never gives up."""

from __future__ import annotations

import contextvars
import logging
import random
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.chat import Chat
from broadcaster.devices.youtube.connecting import Connecting
from broadcaster.devices.youtube.ending import Ending
from broadcaster.devices.youtube.faults import BadCredentials, ChannelFault, NotThere, Offline, QuotaGone, Refused
from broadcaster.devices.youtube.pacing import UPDATE, Pace, pace
from broadcaster.devices.youtube.patience import Patience
from broadcaster.devices.youtube.publication import Publication, Published, Stands
from broadcaster.devices.youtube.quota import Ledger
from broadcaster.devices.youtube.record import Record
from broadcaster.devices.youtube.video_memory import VideoMemory
from broadcaster.devices.youtube.wording import Wording
from broadcaster.language import gettext as _
from broadcaster.ports import ChannelHealth
from broadcaster.show.description import DescriptionWish, local_time, sha256
from broadcaster.show.quota import Priority

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broadcaster import ports
    from broadcaster.config import YouTube
    from broadcaster.show.last_word import LastWord, Words

log = logging.getLogger(__name__)

IDLE = 60.0
MAX_BACK_OFF = 60.0
LOOK_AFTER = (5.0, 15.0, 30.0)
"""Seconds after which a publication is read back, and again while YouTube still shows the text before."""
LOOK_AHEAD = 20.0
"""Seconds before the next expected change at which the description is read: what people have written is known then, and
an old answer to the reading that counts is seen to be one. A look that hangs must be over by the change."""
STOPPING = 5.0
_NO_LOOK = float("inf")


class YouTubeChannel:
    """Keeps the managed block of one video's description on the newest wish, and its chat on who is on air.

    Wishes that arrive while one is being sent replace each other. An unchanged block is not sent. After an update whose
    answer was lost, the description is read before anything is written. Once the broadcast is over, the last word is
    written, and stays. Health's `description_sha256` is of the whole description as YouTube has it; revisions have the
    block.

    Args:
        settings: The section [youtube]; `broadcast_id` is the video.
        template: The show's description.txt; it need not exist.
        ledger: The account's, where others spend from it too.
        timeout: Seconds after which a call to YouTube is given up.
        monotonic: Seconds that never jump; pauses are measured by it.
        jitter: A random number in [0, 1): spreads retries.

    """

    def __init__(
        self,
        settings: YouTube,
        store: ports.Store,
        show: str,
        clock: ports.Clock,
        template: Path | None = None,
        *,
        ledger: Ledger | None = None,
        timeout: float = 15,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._store = store
        self._show = show
        self._clock = clock
        self._monotonic = monotonic

        # Shared between threads, under the condition; `_health` is replaced whole and read without it.
        self._changed = threading.Condition()
        self._wish: DescriptionWish | None = None
        self._newest_wish: DescriptionWish | None = None
        self._news = False
        self._stopping = False
        self._health = ChannelHealth(state="waiting", quota_left=None)
        self._thread: threading.Thread | None = None

        # The worker's own.
        video = settings.broadcast_id
        self._ledger = ledger or Ledger(
            store, clock, settings.daily_quota, reserve=settings.reserve, costs=settings.costs
        )
        self._connecting = Connecting(settings, store, show, self._ledger, timeout, monotonic)
        self._patience = Patience(self._connecting.token, self._ledger, clock, monotonic, jitter)
        self._wording = Wording(template)
        self._memory = VideoMemory(store, video)
        self._chat = Chat(video, store, clock, self._ledger, monotonic) if settings.chat else None
        self._ending = Ending(self._memory, store, show, clock, monotonic, is_automatic=settings.finish == "auto")
        self._published: Published | None = None
        self._looks_left: list[float] = []
        self._look_at = _NO_LOOK
        self._written_at: float | None = None
        self._taken: Words | None = None
        self._is_refused = False
        self._remark = ""
        self._outage = ""
        self._record = Record(store, show, clock)

    # ------------------------------------------------------------ the port

    def start(self) -> None:
        context = contextvars.copy_context()  # the language of the service, for what it tells
        self._thread = threading.Thread(target=context.run, args=(self._work,), name="youtube", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the worker within seconds; a wish that is still waiting gets one last try."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(STOPPING)

    def publish(self, wish: DescriptionWish) -> None:
        with self._changed:
            self._wish = self._newest_wish = wish
            self._ending.hear(wish)
            self._news = True
            self._changed.notify()

    def finish(self) -> None:
        """The broadcast is over, or may be: look, and write the last word when it is, unless it stands already."""
        with self._changed:
            self._ending.hurry()
            self._news = True
            self._changed.notify()

    def health(self) -> ChannelHealth:
        return replace(self._health, pending=self._wish is not None)

    # ------------------------------------------------------------ the worker

    def _work(self) -> None:
        while not self._stopping:
            try:
                pause = self.turn()
            except Exception:  # even a mistake in here must not leave yesterday's link standing
                log.exception("the YouTube channel failed in a way that was not foreseen")
                pause = MAX_BACK_OFF
            with self._changed:
                # A new wish cuts an idle pause short; it does not cut a back-off short, `turn` sees to that.
                self._changed.wait_for(lambda: self._news or self._stopping, pause)
                self._news = False
        if self._wish is not None and not self._patience.failures:
            self._written_at = None
            self.turn()

    def turn(self) -> float:
        """Do what is due now; the seconds until something else is, at most 60.

        The worker's only step; without a worker, whoever has the channel may call it.
        """
        if (left := self._patience.left()) > 0:
            self._tell_quota()
            # What YouTube refuses about the description is no reason to keep from the chat.
            return min(left, self._chat_turn()) if self._is_refused else left
        wish, self._taken = self._wish, None
        try:
            pause = self._act(wish, self._monotonic())
        except ChannelFault as fault:
            pause = self._failed(self._taken or wish, fault)
        except Exception:
            log.exception("the YouTube channel failed in a way that was not foreseen")
            pause = self._failed(None, Offline(_("Something unforeseen went wrong; see the log.")))
        self._tell_quota()
        return pause

    def _act(self, wish: DescriptionWish | None, now: float) -> float:
        if wish is not None and self._memory.known.finished_at is not None:
            self._done(wish)  # the replay's description stays
            wish = None
        is_first = self._connecting.publication is None
        pauses = [IDLE]
        if wish is not None:
            pauses.append(self._bring_up(wish, now))
        elif is_first:
            self._connecting.connect(self._wording, self._memory)
            self._recovered()
        pauses.append(self._chat_turn())
        if wish is None and not is_first:
            pauses += [self._look_turn(now), self._ending_turn()]
        return max(0.0, min(pauses))

    # ------------------------------------------------------------ description

    def _bring_up(self, wish: DescriptionWish, now: float) -> float:
        """Write the newest wish; seconds to wait while that may not be done yet."""
        says = self._pace(wish)
        scarce = _("YouTube's quota runs low: the description changes less often.") if says.is_scarce else ""
        if says.says is not None and self._is_unchanged(says.says):
            self._note(wish, self._published.block if self._published else "", "unchanged", "")
            self._done(wish)
            return 0.0
        if self._written_at is not None and (left := self._written_at + says.interval - now) > 0:
            if scarce:
                self._health = replace(self._health, detail=scarce)
            return left
        publication = self._connecting.connect(self._wording, self._memory)
        self._ledger.require(says.priority, *UPDATE)
        try:
            published = publication.publish(self._newest)
        finally:
            self._note_landed(publication)
        self._succeeded(published)
        self._remark = scarce
        self._recovered()
        return 0.0

    def _pace(self, wish: DescriptionWish) -> Pace:
        published = self._published
        is_named = published is None or not isinstance(published.wish, DescriptionWish) or bool(published.wish.on_air)
        least, chat = self._settings.minimum_interval, self._settings.chat
        return pace(wish, self._ledger, self._clock.now(), least, chat=chat, is_named=is_named)

    def _newest(self) -> DescriptionWish:
        wish = self._wish
        if wish is None:  # only the worker takes wishes away
            raise AssertionError("no wish to publish")
        self._taken = wish
        return self._pace(wish).says or wish.as_schedule()

    def _is_unchanged(self, wish: DescriptionWish) -> bool:
        publication, published = self._connecting.publication, self._published
        if publication is None or published is None or publication.attempted:
            return False
        same_title = publication.title_for(wish) == published.title
        return same_title and self._wording.block(wish, publication.budget) == published.block

    # ------------------------------------------------------------ looks

    def _look_turn(self, now: float) -> float:
        if self._look_at > now:
            return self._look_at - now
        publication, published = self._connecting.connect(self._wording, self._memory), self._published
        if self._looks_left and published is not None:
            self._look_back(publication, published)
        else:
            if self._ledger.may(Priority.READ, "videos.list"):
                publication.read()
            self._look_at = _NO_LOOK
        self._recovered()
        return 0.0

    def _look_back(self, publication: Publication, published: Published) -> None:
        if not self._ledger.may(Priority.READ, "videos.list"):
            self._look_ahead()
            return
        stands, whole = publication.look(published)
        self._looks_left.pop(0)
        match stands:
            case Stands.YES:
                self._look_ahead()
                self._health = replace(self._health, description_sha256=sha256(whole))
            case Stands.CHANGED:
                self._look_ahead()
                self._remark = _("Somebody changed the description by hand. It is left so until the next item.")
                log.info("somebody changed the description of %s by hand; it is left so", self._settings.broadcast_id)
            case Stands.NOT_YET if self._looks_left:
                self._look_at = self._monotonic() + self._looks_left[0]
            case Stands.NOT_YET:
                log.warning("the description of %s was lost; it is sent again", self._settings.broadcast_id)
                self._published = None
                self._memory.keep(finished_at=None)  # had it been the last word, that is to be written again
                self._look_ahead()
                with self._changed:
                    self._wish = self._wish or self._newest_wish

    def _look_ahead(self) -> None:
        self._looks_left = []
        self._look_at = _NO_LOOK
        wish = self._newest_wish
        if wish is not None and wish.changes:
            left = (wish.changes[0] - self._clock.now()).total_seconds() - LOOK_AHEAD
            if left > 0:
                self._look_at = self._monotonic() + left

    # ------------------------------------------------------------ chat, ending

    def _chat_turn(self) -> float:
        chat, wish = self._chat, self._newest_wish
        if chat is None or wish is None or self._memory.known.finished_at is not None:
            return IDLE
        if (left := chat.left(wish)) > 0:
            return min(left, IDLE)
        if self._connecting.api is None:
            return IDLE
        self._connecting.api.renew()
        chat.turn(self._connecting.api, wish)
        self._health = replace(self._health, chat=chat.remark)
        return 0.0

    def _ending_turn(self) -> float:
        if (left := self._ending.left(self._newest_wish)) > 0:
            return min(left, IDLE)
        publication, api = self._connecting.connect(self._wording, self._memory), self._connecting.api
        word = self._ending.look(api, self._newest_wish) if api else None
        if word is not None:
            self._write_last(publication, word)
        self._recovered()
        return 0.0

    def _write_last(self, publication: Publication, word: LastWord) -> None:
        self._ledger.require(Priority.BROADCAST, *UPDATE)
        self._taken = word
        published = publication.publish(lambda: word)
        self._succeeded(published)
        self._memory.keep(finished_at=self._clock.now())

    # ------------------------------------------------------------ outcomes

    def _succeeded(self, published: Published) -> None:
        if published.sent:
            self._written_at = self._monotonic()
            self._looks_left = list(LOOK_AFTER)
            self._look_at = self._written_at + self._looks_left[0]
        self._published = published
        self._remark = ""
        self._note(published.wish, published.block, "sent" if published.sent else "unchanged", self._wording.fault)
        self._health = replace(self._health, description_sha256=sha256(published.whole), published_at=self._clock.now())
        self._done(self._taken)

    def _note_landed(self, publication: Publication) -> None:
        """An update whose answer was lost was carried out, as reading has shown: it counts as sent."""
        if (landed := publication.landed) is not None:
            publication.landed = None
            self._published = landed
            self._written_at = self._monotonic()
            self._note(landed.wish, landed.block, "sent", "")

    def _recovered(self) -> None:
        self._patience.succeeded()
        self._is_refused = False
        self._health = replace(self._health, state="ok", detail=self._wording.fault or self._remark)
        self._connecting.keep_login()
        if self._outage:
            log.warning("YouTube is back")
            self._outage = ""

    def _failed(self, wish: Words | None, fault: ChannelFault) -> float:
        self._patience.failed(fault)
        self._is_refused = isinstance(fault, Refused)
        state = "quota" if isinstance(fault, QuotaGone) else "failing"
        if isinstance(fault, BadCredentials):
            self._connecting.log_out()
        if isinstance(fault, Refused) and wish is not None and wish is self._taken and self._is_hopeless(fault):
            self._done(wish)
            self._look_at = _NO_LOOK
            self._patience.succeeded()
        self._health = replace(self._health, state=state, detail=self._in_words(fault))
        if wish is not None:
            self._note(wish, self._text_of(wish), "failed", str(fault))
        if (kind := f"{type(fault).__name__} {fault.reason}") != self._outage:
            self._outage = kind
            log.warning("YouTube, video %s: %s", self._settings.broadcast_id, fault)
        return self._patience.left()

    def _in_words(self, fault: ChannelFault) -> str:
        if not isinstance(fault, QuotaGone) or (wish := self._newest_wish) is None:
            return str(fault)
        until = self._ledger.refused_until or self._ledger.resets_at()
        at = local_time(until, wish.timezone, self._clock.now())
        return _("%(why)s Nothing is written until %(at)s.", why=fault, at=at)

    def _is_hopeless(self, fault: Refused) -> bool:
        """Whether the same wish would be refused again. What people can put right is tried again and again."""
        return not isinstance(fault, NotThere) and fault.reason not in {"implausibleRead", "otherChannel", "noRoom"}

    def _text_of(self, wish: Words) -> str:
        budget = self._connecting.publication.budget if self._connecting.publication else 0
        return self._wording.block(wish, budget or 4000)

    def _done(self, wish: Words | None) -> None:
        with self._changed:
            if self._wish is wish:
                self._wish = None

    def _note(self, wish: Words, text: str, state: str, detail: str) -> None:
        self._record.note(wish.item if isinstance(wish, DescriptionWish) else None, text, state, detail)

    def _tell_quota(self) -> None:
        self._health = replace(self._health, quota_left=self._ledger.left(), quota_resets_at=self._ledger.resets_at())

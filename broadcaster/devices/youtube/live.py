"""The live channel: one worker thread that brings the description up to the newest wish, and never stops trying."""

from __future__ import annotations

import contextvars
import logging
import random
import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.api import Api
from broadcaster.devices.youtube.faults import BadCredentials, ChannelFault, NotThere, Offline, QuotaGone, Refused
from broadcaster.devices.youtube.publication import Publication, Published, Stands
from broadcaster.devices.youtube.quota import Ledger
from broadcaster.devices.youtube.token import TokenFile
from broadcaster.devices.youtube.wording import Wording
from broadcaster.language import gettext as _
from broadcaster.ports import ChannelHealth, Revision
from broadcaster.show.description import sha256
from broadcaster.show.quota import UNITS, day_end, day_start

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from broadcaster import ports
    from broadcaster.config import YouTube
    from broadcaster.show.description import DescriptionWish

log = logging.getLogger(__name__)

IDLE = 60.0
MAX_BACK_OFF = 60.0
LOGIN_AGAIN = 300.0
"""Seconds between two tries of a login that was not accepted. A new one is taken up within WATCH_LOGIN seconds."""
WATCH_LOGIN = 5.0
LOOK_AFTER = (5.0, 15.0, 30.0)
"""Seconds after which a publication is read back, and again while YouTube still shows the text before."""
STOPPING = 5.0
_JUST_RESET = timedelta(minutes=10)
_ONE_UPDATE = UNITS["videos.list"] + UNITS["videos.update"]


class YouTubeChannel:
    """Keeps the managed block of one video's description on the newest wish.

    Wishes that arrive while one is being sent replace each other. An unchanged block is not sent. After an update whose
    answer was lost, the description is read before anything is written. Health's `description_sha256` is of the whole
    description as YouTube has it; revisions have the block.

    Args:
        settings: The section [youtube].
        template: The show's description.txt; it need not exist.
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
        timeout: float = 15,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._store = store
        self._show = show
        self._clock = clock
        self._timeout = timeout
        self._monotonic = monotonic
        self._jitter = jitter

        # Shared between threads, under the condition; `_health` is replaced whole and read without it.
        self._changed = threading.Condition()
        self._wish: DescriptionWish | None = None
        self._news = False
        self._stopping = False
        self._health = ChannelHealth(state="waiting", quota_left=None)
        self._thread: threading.Thread | None = None

        # The worker's own.
        self._ledger = Ledger(store, clock, settings.daily_quota, reserve=settings.reserve, costs=settings.costs)
        self._token = TokenFile(settings.token_file)
        self._wording = Wording(template)
        self._api: Api | None = None
        self._publication: Publication | None = None
        self._published: Published | None = None
        self._looks_left: list[float] = []
        self._look_at = 0.0
        self._written_at: float | None = None
        self._taken: DescriptionWish | None = None
        self._failures = 0
        self._not_before = 0.0
        self._quota_until: datetime | None = None
        self._refused_login: tuple[object] | None = None
        self._remark = ""
        self._outage = ""
        self._noted: tuple[object, ...] = ()

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
            self._wish = wish
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
        if self._wish is not None and not self._failures and self._quota_until is None:
            self._written_at = None
            self.turn()

    def turn(self) -> float:
        """Do what is due now; the seconds until something else is, at most 60.

        The worker's only step; without a worker, whoever has the channel may call it.
        """
        now = self._monotonic()
        if self._quota_until is not None:
            left = (self._quota_until - self._clock.now()).total_seconds()
            if left > 0:
                return min(left, IDLE)
            self._quota_until = None
        if now < self._not_before and not self._is_new_login():
            return min(self._not_before - now, IDLE if self._refused_login is None else WATCH_LOGIN)
        self._refused_login = None
        wish, self._taken = self._wish, None
        try:
            pause = self._act(wish, now)
        except ChannelFault as fault:
            pause = self._failed(self._taken or wish, fault)
        except Exception:
            log.exception("the YouTube channel failed in a way that was not foreseen")
            pause = self._failed(None, Offline(_("Something unforeseen went wrong; see the log.")))
        self._tell_quota()
        return pause

    def _act(self, wish: DescriptionWish | None, now: float) -> float:
        if self._publication is not None and wish is not None and self._is_unchanged(wish):
            self._note(wish, self._publication.previous, "unchanged", "")
            self._done(wish)
            return 0.0
        if wish is not None and self._written_at is not None:
            left = self._written_at + self._settings.minimum_interval - now
            if left > 0:
                return left
        is_first = self._publication is None
        due = self._look_at - now if self._looks_left else IDLE
        if wish is None and not is_first and due > 0:
            return min(due, IDLE)
        publication = self._connect()
        if wish is not None:
            self._affordable()
            try:
                published = publication.publish(self._newest)
            finally:
                self._note_landed(publication)
            self._succeeded(published)
        elif self._published is not None and self._looks_left and due <= 0:
            self._look(publication, self._published)
        self._recovered()
        return 0.0

    def _connect(self) -> Publication:
        """The publication, on a fresh connection; login, channel and video are checked the first time."""
        if not self._settings.broadcast_id:
            raise Refused(_("[youtube] broadcast_id is empty: there is no broadcast to describe."), "noBroadcast")
        if self._api is None:
            api = Api(self._settings.api_root, self._token.credentials(), self._ledger, self._timeout)
            self._check_channel(api)
            self._api = api
        else:
            self._api.renew()
        if self._publication is None:
            publication = Publication(
                self._api,
                self._settings.broadcast_id,
                self._settings.channel_id,
                self._wording,
                self._last_published(),
            )
            publication.read()
            self._publication = publication
        self._publication.use(self._api)
        return self._publication

    def _last_published(self) -> str:
        """The block that an earlier run of the service left on YouTube, as far as the store knows."""
        newest_first = reversed(self._store.revisions(self._show, limit=50))
        return next((one.text for one in newest_first if one.state in {"sent", "unchanged"}), "")

    def _check_channel(self, api: Api) -> None:
        wanted = self._settings.channel_id
        try:
            if wanted and wanted not in (mine := api.channel_ids()):
                raise BadCredentials(
                    _(
                        "The login belongs to channel %(mine)s, not to %(wanted)s. Log in again and choose the right "
                        "(brand) account, or correct [youtube] channel_id.",
                        mine=", ".join(mine) or "–",
                        wanted=wanted,
                    ),
                    "otherChannel",
                )
        finally:
            self._token.save(api.credentials)

    def _affordable(self) -> None:
        if self._ledger.left() < _ONE_UPDATE:
            raise QuotaGone(_("The quota set in [youtube] daily_quota is used up."), "ownLimit")

    def _newest(self) -> DescriptionWish:
        wish = self._wish
        if wish is None:  # only the worker takes wishes away
            raise AssertionError("no wish to publish")
        self._taken = wish
        return wish

    def _is_unchanged(self, wish: DescriptionWish) -> bool:
        publication = self._publication
        if publication is None or self._published is None or publication.attempted:
            return False
        return self._wording.block(wish, publication.budget) == self._published.block

    def _look(self, publication: Publication, published: Published) -> None:
        stands, whole = publication.look(published)
        self._looks_left.pop(0)
        match stands:
            case Stands.YES:
                self._looks_left = []
                self._health = replace(self._health, description_sha256=sha256(whole))
            case Stands.CHANGED:
                self._looks_left = []
                self._remark = _("Somebody changed the description by hand. It is left so until the next item.")
                log.info("somebody changed the description of %s by hand; it is left so", self._settings.broadcast_id)
            case Stands.NOT_YET if self._looks_left:
                self._look_at = self._monotonic() + self._looks_left[0]
            case Stands.NOT_YET:
                log.warning("the description of %s was lost; it is sent again", self._settings.broadcast_id)
                self._published = None
                with self._changed:
                    self._wish = self._wish or published.wish

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
        self._done(published.wish)

    def _note_landed(self, publication: Publication) -> None:
        """An update whose answer was lost was carried out, as reading has shown: it counts as sent."""
        if (landed := publication.landed) is not None:
            publication.landed = None
            self._published = landed
            self._written_at = self._monotonic()
            self._note(landed.wish, landed.block, "sent", "")

    def _recovered(self) -> None:
        self._failures = 0
        self._not_before = 0.0
        self._health = replace(self._health, state="ok", detail=self._wording.fault or self._remark)
        if self._api is not None:
            self._token.save(self._api.credentials)
        if self._outage:
            log.warning("YouTube is back")
            self._outage = ""

    def _failed(self, wish: DescriptionWish | None, fault: ChannelFault) -> float:
        self._failures += 1
        pause = self._back_off()
        state = "failing"
        match fault:
            case QuotaGone():
                state = "quota"
                now = self._clock.now()
                # A clock that runs ahead would take yesterday's last refusal for today's, and lose the day.
                just_reset = fault.reason != "ownLimit" and now - day_start(now) < _JUST_RESET
                self._quota_until = now + timedelta(seconds=MAX_BACK_OFF) if just_reset else day_end(now)
                pause = 0.0
            case BadCredentials():
                self._api = None
                self._refused_login = (self._token.version(),)
                pause = LOGIN_AGAIN
            case Offline():
                pause = max(pause, min(fault.wait, MAX_BACK_OFF))
            case Refused() if wish is not None and wish is self._taken and self._is_hopeless(fault):
                self._done(wish)
                self._looks_left = []
                self._failures = 0
                pause = 0.0
        self._not_before = self._monotonic() + pause
        self._health = replace(self._health, state=state, detail=str(fault))
        if wish is not None:
            self._note(wish, self._text_of(wish), "failed", str(fault))
        if (kind := f"{type(fault).__name__} {fault.reason}") != self._outage:
            self._outage = kind
            log.warning("YouTube, video %s: %s", self._settings.broadcast_id, fault)
        return min(pause, IDLE if self._refused_login is None else WATCH_LOGIN)

    def _is_new_login(self) -> bool:
        return self._refused_login is not None and self._refused_login != (self._token.version(),)

    def _is_hopeless(self, fault: Refused) -> bool:
        """Whether the same wish would be refused again. What people can put right is tried again and again."""
        return not isinstance(fault, NotThere) and fault.reason not in {"implausibleRead", "otherChannel", "noRoom"}

    def _back_off(self) -> float:
        return float(min(MAX_BACK_OFF, 2.0 ** min(self._failures, 6)) * (0.5 + self._jitter() / 2))

    def _text_of(self, wish: DescriptionWish) -> str:
        budget = self._publication.budget if self._publication else 0
        return self._wording.block(wish, budget or 4000)

    def _done(self, wish: DescriptionWish) -> None:
        with self._changed:
            if self._wish is wish:
                self._wish = None

    def _note(self, wish: DescriptionWish, text: str, state: str, detail: str) -> None:
        """Store a revision, once: retries and repeated wishes are not news."""
        noted = (wish.item, text, state, detail if state == "failed" else "")
        if noted != self._noted:
            self._noted = noted
            revision = Revision(self._clock.now(), wish.item, text, state, detail)
            try:
                self._store.add_revision(self._show, revision)
            except Exception:  # the show does without the record, not without the description
                log.exception("a revision of the description could not be stored: %s", revision)

    def _tell_quota(self) -> None:
        gone = self._quota_until is not None
        self._health = replace(self._health, quota_left=0 if gone else self._ledger.left())

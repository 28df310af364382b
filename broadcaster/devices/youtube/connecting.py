"""From a login to a video that can be published into: the connection, the right channel, and what stands there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.api import Api
from broadcaster.devices.youtube.broadcasts import Broadcasts
from broadcaster.devices.youtube.faults import Refused
from broadcaster.devices.youtube.login import check_channel
from broadcaster.devices.youtube.publication import Publication
from broadcaster.devices.youtube.token import TokenFile
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster import ports
    from broadcaster.config import YouTube
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.devices.youtube.video_memory import VideoMemory
    from broadcaster.devices.youtube.wording import Wording


class Connecting:
    """Belongs to one thread. `api` is None until the login was accepted; `publication` until the video was read."""

    def __init__(
        self,
        settings: YouTube,
        store: ports.Store,
        show: str,
        ledger: Ledger,
        timeout: float = 15,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token = TokenFile(settings.token_file)
        self.api: Api | None = None
        self.publication: Publication | None = None
        self._settings, self._store, self._show = settings, store, show
        self._ledger, self._timeout, self._monotonic = ledger, timeout, monotonic

    def connect(self, wording: Wording, memory: VideoMemory) -> Publication:
        """The publication, on a fresh connection; login, channel and video are checked the first time.

        Raises:
            ChannelFault: there is none to be had now.
        """
        settings = self._settings
        if not settings.broadcast_id:
            raise Refused(_("[youtube] broadcast_id is empty: there is no broadcast to describe."), "noBroadcast")
        if self.api is None:
            api = Api(settings.api_root, self.token.credentials(), self._ledger, self._timeout)
            self._check_channel(api)
            self.api = api
        else:
            self.api.renew()
        if self.publication is None:
            # Kept also when the first look fails: what it doubts, the next look may confirm.
            self.publication = Publication(
                self.api,
                settings.broadcast_id,
                settings.channel_id,
                wording,
                self._last_published(),
                memory,
                settings.segment_title,
                self._monotonic,
            )
            self.publication.read()
        self.publication.use(self.api)
        return self.publication

    def log_out(self) -> None:
        """The login was refused: take it up anew from its file the next time."""
        self.api = None

    def keep_login(self) -> None:
        """Write a renewed login back into its file."""
        if self.api is not None:
            self.token.save(self.api.credentials)

    def _last_published(self) -> str:
        """The block that an earlier run of the service left on YouTube, as far as the store knows."""
        newest_first = reversed(self._store.revisions(self._show, limit=50))
        return next((one.text for one in newest_first if one.state in {"sent", "unchanged"}), "")

    def _check_channel(self, api: Api) -> None:
        try:
            if self._settings.channel_id:
                check_channel(Broadcasts(api), self._settings.channel_id)
        finally:
            self.token.save(api.credentials)

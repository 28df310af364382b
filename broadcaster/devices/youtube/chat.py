"""The exhibitor's link in the live chat: once per item and broadcast, whatever happens in between.

A message is written down before it is sent. When its answer is lost, or the service dies, it is looked for in the chat;
it is never sent again.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.faults import (
    SLOW_DOWN,
    UNREACHABLE,
    BadCredentials,
    ChannelFault,
    Offline,
    QuotaGone,
    Refused,
)
from broadcaster.language import gettext as _
from broadcaster.ports import ChatPost
from broadcaster.show.chat_message import chat_message
from broadcaster.show.quota import Priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster import ports
    from broadcaster.devices.youtube.api import Api
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.ports import Json
    from broadcaster.show.description import DescriptionWish

log = logging.getLogger(__name__)

INSERT, LIST = "liveChatMessages.insert", "liveChatMessages.list"
LISTED_AFTER = timedelta(seconds=20)
"""How long after a message was sent it is looked for: it may still have been under way, and appears late."""
AGAIN = 15.0
NO_CHAT_YET = 60.0
NEVER = 3600.0
_OVER = frozenset({"liveChatEnded", "liveChatDisabled", "liveChatNotFound"})


class Chat:
    """One video's chat. Belongs to the channel's worker. `remark` is a line for the operator, "" when all is well."""

    def __init__(
        self,
        video: str,
        store: ports.Store,
        clock: ports.Clock,
        ledger: Ledger,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.remark = ""
        self._video, self._store, self._clock, self._ledger = video, store, clock, ledger
        self._monotonic = monotonic
        self._chat_id = ""
        self._is_over = False
        self._not_before = 0.0
        self._settled: object = None

    def left(self, wish: DescriptionWish | None) -> float:
        """Seconds until there is something to do for what is on air; 0 for now."""
        if self._is_over or wish is None or wish.item is None or self._settled == wish.item or not chat_message(wish):
            return NEVER
        return max(0.0, self._not_before - self._monotonic())

    def turn(self, api: Api, wish: DescriptionWish) -> None:
        """Do the next thing for what is on air. What fails is told, and costs the message, not the show."""
        try:
            self._act(api, wish)
        except ChannelFault as fault:
            self._failed(wish, fault)
        except Exception as error:
            # A store that does not answer can't keep a message from being sent twice: it is not sent.
            log.exception("the chat message of %s was not sent", wish.item)
            self._later(AGAIN, _("Chat: %(why)s", why=error))

    def _act(self, api: Api, wish: DescriptionWish) -> None:
        if wish.item is None:
            return
        post = self._store.chat_post(self._video, wish.item)
        if post is None or post.state == "unsent":
            self._send(api, wish)
        elif post.state == "posting":
            self._look(api, post)
        else:
            self._settle(post.item)

    def _send(self, api: Api, wish: DescriptionWish) -> None:
        self._ledger.require(Priority.CHAT, "videos.list", INSERT)
        if not self._chat_id:
            self._chat_id = str(api.times(self._video).get("activeLiveChatId") or "")
        if not self._chat_id:
            self._later(NO_CHAT_YET, _("Chat: the broadcast has no live chat (yet)."))
            return
        if wish.item is None:
            return
        post = ChatPost(self._video, wish.item, self._clock.now(), chat_message(wish), "posting")
        self._store.keep_chat_post(post)
        try:
            api.call(INSERT, _insert(api, self._chat_id, post.text))
        except Offline as fault:
            if fault.reason in SLOW_DOWN or fault.reason == UNREACHABLE:
                self._mark(post, "unsent")
            raise
        except (QuotaGone, BadCredentials):
            self._mark(post, "unsent")
            raise
        except Refused:
            self._mark(post, "refused")
            raise
        self._mark(post, "sent")
        self._settle(post.item)

    def _look(self, api: Api, post: ChatPost) -> None:
        """Whether a message whose answer was lost stands in the chat."""
        if (early := post.at + LISTED_AFTER - self._clock.now()) > timedelta(0):
            self._later(early.total_seconds(), self.remark)
            return
        self._ledger.require(Priority.READ, "videos.list", LIST)
        if not self._chat_id:
            self._chat_id = str(api.times(self._video).get("activeLiveChatId") or "")
        answer = api.call(LIST, api.service.liveChatMessages().list(liveChatId=self._chat_id, part="snippet"))
        is_there = any(_text(item) == post.text for item in answer.get("items") or [])
        if not is_there:
            log.warning("nobody knows whether the chat message of %s was sent; it is not sent again", post.item)
        self._mark(post, "sent" if is_there else "lost")
        self._settle(post.item)

    def _mark(self, post: ChatPost, state: str) -> None:
        self._store.keep_chat_post(ChatPost(post.video, post.item, post.at, post.text, state))

    def _settle(self, item: object) -> None:
        self._settled = item
        self._not_before = 0.0
        self.remark = ""

    def _later(self, seconds: float, remark: str) -> None:
        self._not_before = self._monotonic() + seconds
        self.remark = remark

    def _failed(self, wish: DescriptionWish, fault: ChannelFault) -> None:
        remark = _("Chat: %(why)s", why=fault)
        if remark != self.remark:
            log.warning("YouTube, video %s, chat: %s", self._video, fault)
        if fault.reason in _OVER:
            self._is_over, self.remark = True, remark
        elif isinstance(fault, Refused):
            self._settle(wish.item)
            self.remark = remark
        else:
            self._later(max(AGAIN, getattr(fault, "wait", 0.0)), remark)


def _insert(api: Api, chat: str, text: str) -> object:
    snippet = {"liveChatId": chat, "type": "textMessageEvent", "textMessageDetails": {"messageText": text}}
    return api.service.liveChatMessages().insert(part="snippet", body={"snippet": snippet})


def _text(message: Json) -> str:
    return str(((message.get("snippet") or {}).get("textMessageDetails") or {}).get("messageText") or "")

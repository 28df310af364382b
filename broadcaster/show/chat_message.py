"""The exhibitor's link as a message in the live chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.show.public_text import clean, clean_link, shorten

if TYPE_CHECKING:
    from broadcaster.show.description import DescriptionWish

MAX_MESSAGE = 200
"""Characters (YouTube Live Streaming API, liveChatMessages, textMessageDetails.messageText)."""


def chat_message(wish: DescriptionWish) -> str:
    """What the chat is told as something begins; "" when it is no exhibitor, or has no link that fits whole."""
    on_air = wish.on_air
    if on_air is None or on_air.exhibitor is None or not (link := clean_link(on_air.link)):
        return ""
    # Counted in UTF-16 units, of which an emoji is two: that satisfies any way of counting.
    left = MAX_MESSAGE - _size(f"🔴  – {link}")
    if left < 0:
        return link if _size(link) <= MAX_MESSAGE else ""
    name = shorten(clean(on_air.name), left, _size)
    return f"🔴 {name} – {link}" if name else link


def _size(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2

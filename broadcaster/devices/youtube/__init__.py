"""The channel: looks after the show's broadcasts on YouTube and their descriptions, or rehearses doing so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.devices.youtube.rehearsal import OffChannel, RehearsalChannel

if TYPE_CHECKING:
    from pathlib import Path

    from broadcaster import config, ports

__all__ = ["OffChannel", "RehearsalChannel", "channel_for"]


def channel_for(
    settings: config.YouTube,
    store: ports.Store,
    show: str,
    clock: ports.Clock,
    template: Path | None = None,
) -> ports.Channel:
    """The channel that [youtube] mode asks for, not yet started.

    `template` is the show's description.txt; it need not exist.
    """
    match settings.mode:
        case "off":
            return OffChannel()
        case "rehearsal":
            return RehearsalChannel(store, show, clock, template, settings.daily_quota)
        case "live":
            from broadcaster.devices.youtube.channel import LiveChannel

            return LiveChannel(settings, store, show, clock, template)

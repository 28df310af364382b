"""The service's own standby scene: its slate with what comes next, the countdown, and the music."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.devices.obs.countdown import Countdown

if TYPE_CHECKING:
    from broadcaster.devices.obs.rig import Rig
    from broadcaster.ports import Clock
    from broadcaster.show.studio import Target


class Standby:
    """One per connection. Belongs to the thread that owns it."""

    def __init__(self, rig: Rig, clock: Clock) -> None:
        self._rig = rig
        self._countdown = Countdown(rig.stage, rig.names, rig.pictures, clock)
        self._says: tuple[str, bool, bool] | None = None
        self._music: str | None = None

    def forget(self) -> None:
        """Nothing is known of what the scene shows."""
        self._says = self._music = None

    def dress(self, target: Target) -> None:
        """What comes next, and the time until then."""
        says = target.next_title, target.countdown_to is not None, target.is_over
        if says != self._says:
            title, counts, is_over = says
            picture = self._rig.pictures.standby(title, counts=counts, is_over=is_over)
            self._rig.stage.show_file(self._rig.names.standby_slate, picture)
            self._says = says
        self._countdown.until(target.countdown_to)

    def play(self, music: str) -> None:
        if music != self._music:
            self._rig.stage.play_music(music)
            self._music = music

    def step(self) -> None:
        """Redraw the countdown when it is due."""
        self._countdown.step()

    def wait(self) -> float:
        """Seconds until `step` is due."""
        return self._countdown.wait()

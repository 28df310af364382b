"""Whose scene change is it: the service's own, or a person's? Pure."""

from __future__ import annotations

from collections import deque


class Hands:
    """Follows the program scene from OBS's events and tells own changes from others.

    OBS gives one event per change, in order; a change that is overtaken during a fade may get none.
    """

    def __init__(self, scene: str) -> None:
        self.scene = scene
        self._sent: deque[tuple[float, str]] = deque()

    def expect(self, scene: str, now: float) -> None:
        """A change to `scene` is being sent at `now` (monotonic seconds)."""
        self._sent.append((now, scene))

    def forget(self, now: float, older_than: float = 10.0) -> None:
        """Give up on changes that OBS has not confirmed within `older_than` seconds."""
        while self._sent and now - self._sent[0][0] > older_than:
            self._sent.popleft()

    def changed(self, scene: str) -> bool:
        """Take in an event. True when a person did it."""
        same = scene == self.scene
        self.scene = scene
        if scene in (sent for _, sent in self._sent):
            while self._sent.popleft()[1] != scene:
                pass
            # Sent twice because OBS was slow to say so: it says so once.
            while self._sent and self._sent[0][1] == scene:
                self._sent.popleft()
            return False
        return not same

    def asked(self, scene: str) -> None:
        """OBS was asked, and shows `scene`: what was sent up to it needs no event any more."""
        self.scene = scene
        while scene in (sent for _, sent in self._sent):
            self._sent.popleft()

"""The names of everything that the service makes in OBS. It touches nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """All under one prefix."""

    prefix: str

    @property
    def program(self) -> str:
        """The scene with both decks over the slate; every thin scene nests it."""
        return f"{self.prefix}Program"

    @property
    def overlays(self) -> str:
        return f"{self.prefix}Overlays"

    @property
    def standby(self) -> str:
        return f"{self.prefix}Standby"

    @property
    def decks(self) -> tuple[str, str]:
        return f"{self.prefix}Deck A", f"{self.prefix}Deck B"

    @property
    def backdrops(self) -> tuple[str, str]:
        """A still picture under each deck, for videos that leave parts of the canvas empty."""
        return f"{self.prefix}Backdrop A", f"{self.prefix}Backdrop B"

    @property
    def fade(self) -> str:
        """The filter on decks and backdrops that a fade uses."""
        return f"{self.prefix}Fade"

    @property
    def panels(self) -> tuple[str, str]:
        """Two pictures of what lies over the program: one is seen, the other stands ready."""
        return f"{self.prefix}Overlay A", f"{self.prefix}Overlay B"

    @property
    def overlay_page(self) -> str:
        return f"{self.prefix}Overlay page"

    @property
    def standby_page(self) -> str:
        return f"{self.prefix}Standby page"

    @property
    def music(self) -> str:
        return f"{self.prefix}Music"

    @property
    def slate(self) -> str:
        return f"{self.prefix}Slate"

    @property
    def standby_slate(self) -> str:
        return f"{self.prefix}Standby slate"

    @property
    def countdown(self) -> str:
        return f"{self.prefix}Countdown"

    def thin(self, name: str) -> str:
        """An item's own scene."""
        return f"{self.prefix}{name}"

    def is_ours(self, name: str) -> bool:
        return name.startswith(self.prefix)

    def nests_program(self, scene: str) -> bool:
        """Whether the decks are active while `scene` is the program scene: in all of our scenes they are."""
        return self.is_ours(scene) and scene != self.overlays

"""Which words the block gets: the show's own template, or the default ones when it has none or a faulty one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.template import Template, TemplateFault
from broadcaster.show import description
from broadcaster.show.last_word import LastWord, compose_last

if TYPE_CHECKING:
    from pathlib import Path

    from broadcaster.show.last_word import Words

log = logging.getLogger(__name__)


class Wording:
    """Writes blocks. `fault` says, file and line first, why the template was not used for the last one; "" if it was.

    The template is read anew when its file changes, so that it can be mended during the show.
    """

    def __init__(self, template: Path | None) -> None:
        self.fault = ""
        self._path = template
        self._version: tuple[int, int] | None = None
        self._template: Template | None = None
        self._unreadable = ""

    def block(self, wish: Words, budget: int) -> str:
        """The block's text for a wish, at most `budget` bytes. Never raises for what stands in the template.

        The last word has no template: its chapters must keep YouTube's rules.
        """
        if isinstance(wish, LastWord):
            return compose_last(wish, budget)
        fault = self._reread()
        text = ""
        if self._template is not None:
            try:
                text = self._template.render(wish, budget)
            except TemplateFault as error:
                fault = str(error)
        if fault and fault != self.fault:
            log.warning("the default description is used: %s", fault)
        self.fault = fault
        return text or description.compose(wish, budget)

    def _reread(self) -> str:
        """Why there is no usable template although there is a file; "" otherwise."""
        if self._path is None:
            return ""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._template, self._version, self._unreadable = None, None, ""
            return ""
        except OSError as error:
            self._template, self._version = None, None
            return f"{self._path.name}: {error.strerror}"
        version = (status.st_mtime_ns, status.st_size)
        if version != self._version:
            self._version, self._template, self._unreadable = version, None, ""
            try:
                self._template = Template(self._path)
            except TemplateFault as error:
                self._unreadable = str(error)
        return self._unreadable

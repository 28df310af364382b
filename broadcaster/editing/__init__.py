"""Edits that come from a page or a machine: into the show's files, and into the running show."""

from broadcaster.editing.editor import Editor, ShowFiles
from broadcaster.editing.record import Record

__all__ = ["Editor", "Record", "ShowFiles"]

"""The files of a show, `schedules/<show>/`: read into a Rundown or into problems, and written back with comments kept.

Documented for people in docs/schedule-files.md.
"""

from broadcaster.schedule_files.problems import Problem
from broadcaster.schedule_files.reading import Reading, is_show_file, read, watch_paths
from broadcaster.schedule_files.writing import Draft, FilesChanged, draft, written

__all__ = [
    "Draft",
    "FilesChanged",
    "Problem",
    "Reading",
    "draft",
    "is_show_file",
    "read",
    "watch_paths",
    "written",
]

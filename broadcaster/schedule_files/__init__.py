"""The files of a show, `schedules/<show>/`: read into a Rundown or into problems, and written back with comments kept.

Documented for people in docs/schedule-files.md.
"""

from broadcaster.schedule_files.problems import Problem
from broadcaster.schedule_files.reading import Reading, is_show_file, read, watch_paths

__all__ = ["Problem", "Reading", "is_show_file", "read", "watch_paths"]

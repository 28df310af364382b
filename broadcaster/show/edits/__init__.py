"""Edits of a show as values: what people want changed, what that does, and how it is taken back.

Pure. `broadcaster.editing` carries them into the show's files and into the running show.
"""

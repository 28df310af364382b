"""Slates, cards and the countdown for OBS's image sources: those of `broadcaster.pictures`."""

from broadcaster.pictures import Pictures as Slates
from broadcaster.pictures import clock_text

__all__ = ["Slates", "clock_text"]

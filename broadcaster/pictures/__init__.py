"""Pictures for viewers: overlays, slates, cards and the countdown, drawn to PNG files for OBS's image sources.

The pages in `overlays/` show the same for OBS's browser source. Both follow one table of sizes (`geometry`), one way to
fit text (`fitting`, and `overlays/shared/fit.js`) and one theme (`theme`), so that they agree.
"""

from broadcaster.pictures.pictures import Pictures, clock_text

__all__ = ["Pictures", "clock_text"]

"""The channel: keeps the description of the show's broadcast on YouTube, or rehearses doing so."""

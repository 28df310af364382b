"""What viewers receive: clips that say what they are, a receiver of OBS's stream, and a look at every frame of it."""

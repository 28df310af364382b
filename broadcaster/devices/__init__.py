"""The world, adapted to the ports. Devices report, never decide."""

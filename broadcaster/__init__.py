"""Broadcaster: live-stream scheduling and broadcast automation."""

"""Fixtures shared by all tests."""

import os

pytest_plugins = ["tests.obs_fixtures"]

# Tests ask nobody outside this machine; those of link checks bring servers of their own.
os.environ.setdefault("BROADCASTER_LINKS__CHECK", "false")

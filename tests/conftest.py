"""Fixtures shared by all tests."""

import os

import pytest
from hypothesis import settings

pytest_plugins = ["tests.obs_fixtures"]

# Tests ask nobody outside this machine; those of link checks bring servers of their own.
os.environ.setdefault("BROADCASTER_LINKS__CHECK", "false")

# A busy machine is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever waits for a YouTube that does not answer waits in real time."""
    for item in items:
        if item.get_closest_marker("silent"):
            item.add_marker(pytest.mark.slow)

"""A strict stand-in for the YouTube Data and Live Streaming API, over HTTP on loopback.

Written from the API's reference, independent of the service's own code: where YouTube says no, so does this, with
YouTube's status, reason and message. Tests talk to it in two ways: the code under test over HTTP, the test itself
through `YouTubeEmulator`.
"""

from tests.emulators.youtube.emulator import YouTubeEmulator
from tests.emulators.youtube.faults import Fault, Kind
from tests.emulators.youtube.server import Request
from tests.emulators.youtube.state import Version

__all__ = ["Fault", "Kind", "Request", "Version", "YouTubeEmulator"]

"""What can go wrong between the service and OBS."""

from __future__ import annotations

NOT_READY = 207
NO_SUCH_RESOURCE = 600


class ObsError(Exception):
    """Base of the errors of this package. str() is for people."""


class Offline(ObsError):  # noqa: N818  (a state of the world, said in one word)
    """OBS does not answer, or what answered cannot be trusted any more: connect anew."""


class Frozen(Offline):
    """OBS answers and renders nothing: it will not come back by itself."""


class BadPassword(Offline):
    """OBS answers, and refuses the password."""


class Refused(ObsError):  # noqa: N818  (an answer, not a breakdown)
    """OBS understood a request and said no; the connection is fine.

    `code` is obs-websocket's RequestStatus: 207 not ready, 600 no such resource, 601 it exists already.
    """

    def __init__(self, request: str, code: int, comment: str = "") -> None:
        super().__init__(f"{request}: {comment or code}")
        self.request = request
        self.code = code

    @property
    def passes(self) -> bool:
        """Whether the same request may succeed later: after setting up again, or after waiting."""
        return self.code in {NOT_READY, NO_SUCH_RESOURCE}


class LaunchFailed(ObsError):  # noqa: N818  (as Offline)
    """The private OBS could not be brought up."""

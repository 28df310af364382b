"""What can go wrong between the service and OBS."""

from __future__ import annotations


class ObsError(Exception):
    """Base of the errors of this package. str() is for people."""


class Offline(ObsError):  # noqa: N818  (a state of the world, said in one word)
    """OBS does not answer, or what answered cannot be trusted any more: connect anew."""


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


class LaunchFailed(ObsError):  # noqa: N818  (as Offline)
    """The private OBS could not be brought up."""

"""YouTube Data API v3 through google-api-python-client: the few calls the channel makes, each paid for in the ledger.

Nothing here tries twice: a call that timed out may have been carried out, and who retries must look first.
"""

from __future__ import annotations

import functools
import json
import logging
from http.client import BadStatusLine, ResponseNotReady
from typing import TYPE_CHECKING, Any

import httplib2
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc

from broadcaster.devices.youtube.faults import BadCredentials, NotThere, Offline, QuotaGone, translated
from broadcaster.devices.youtube.token import is_safe_address
from broadcaster.language import gettext as _
from broadcaster.show.quota import UNITS

if TYPE_CHECKING:
    from http.client import HTTPResponse

    from google.oauth2.credentials import Credentials

    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.ports import Json

# It quotes whole answers in warnings; what they mean is reported by the channel.
logging.getLogger("googleapiclient.http").setLevel(logging.ERROR)


class _OnceHttp(httplib2.HTTPConnectionWithTimeout):
    def getresponse(self) -> HTTPResponse:
        return _once(super().getresponse)  # type: ignore[no-any-return]


class _OnceHttps(httplib2.HTTPSConnectionWithTimeout):
    def getresponse(self) -> HTTPResponse:
        return _once(super().getresponse)  # type: ignore[no-any-return]


def _once(getresponse: Any) -> Any:
    # httplib2 sends a request again, whatever its method, when the server hangs up without an answer. Only this
    # kind of error makes it do so; an update that was carried out would be sent, and paid for, twice.
    try:
        return getresponse()
    except (BadStatusLine, ResponseNotReady) as error:
        raise ConnectionResetError(_("the connection was closed before an answer came")) from error


class _Http(httplib2.Http):
    def request(self, uri: str, *args: Any, **kwargs: Any) -> Any:
        if len(args) < 5:
            kwargs["connection_type"] = _OnceHttps if uri.startswith("https:") else _OnceHttp
        return super().request(uri, *args, **kwargs)


class Api:
    """One login's view of YouTube. Belongs to one thread. Every method raises a ChannelFault when it fails.

    Args:
        root: Root of the API, https (or http on this machine).
        timeout: Seconds without a sign of life after which a call is given up.

    """

    def __init__(self, root: str, credentials: Credentials, ledger: Ledger, timeout: float = 15) -> None:
        if not is_safe_address(root):
            raise BadCredentials(_("[youtube] api_root must begin with https: the login travels along."))
        document = json.loads(get_static_doc("youtube", "v3"))
        # client_options.api_endpoint is not enough: uploads would still go to the address in the document.
        document["rootUrl"] = document["baseUrl"] = root.rstrip("/") + "/"
        document.pop("mtlsRootUrl", None)
        self._credentials = credentials
        self._ledger = ledger
        self._timeout = timeout
        self.renew()
        self._service = build_from_document(document, http=self._http)
        for name in {method.partition(".")[0] for method in UNITS}:
            # Google's client takes 10 ms to build a resource's methods, each time it is asked for one.
            setattr(self._service, name, functools.cache(getattr(self._service, name)))

    @property
    def credentials(self) -> Credentials:
        return self._credentials

    @property
    def service(self) -> Any:
        """Google's client, which makes the requests for `call`."""
        return self._service

    def renew(self) -> None:
        """Take a new connection: the old one may have gone stale, or have a late answer in it."""
        self._http = AuthorizedHttp(self._credentials, http=_Http(timeout=self._timeout))

    def video(self, video_id: str) -> Json:
        """A video's resource with its snippet.

        Raises:
            NotThere: there is none, or not yet.
        """
        answer = self.call("videos.list", self._service.videos().list(part="snippet", id=video_id))
        return self._one(answer, video_id)

    def times(self, video_id: str) -> Json:
        """A broadcast's liveStreamingDetails: actualStartTime, actualEndTime and activeLiveChatId, as far as there are.

        Raises:
            NotThere: there is no such video, or not yet.
        """
        answer = self.call("videos.list", self._service.videos().list(part="liveStreamingDetails", id=video_id))
        return dict(self._one(answer, video_id).get("liveStreamingDetails") or {})

    def update(self, video_id: str, snippet: Json) -> Json:
        """Replace a video's snippet: what is not in it is deleted. Returns the resource as YouTube then has it."""
        body = {"id": video_id, "snippet": snippet}
        return self.call("videos.update", self._service.videos().update(part="snippet", body=body))

    def _one(self, answer: Json, video_id: str) -> Json:
        for item in answer.get("items") or []:
            if item.get("id") == video_id:
                return dict(item)
        raise NotThere(
            _("There is no video %(id)s on YouTube (yet). Check [youtube] broadcast_id.", id=video_id),
            "videoNotFound",
        )

    def call(self, method: str, request: Any) -> Json:
        """Send one request of `service`, as this login and on its connection, and write down what it cost.

        `method` is its name in show.quota.UNITS. Ask the ledger beforehand whether it may be sent.
        """
        try:
            answer = request.execute(http=self._http, num_retries=0)
        except Exception as error:
            fault = translated(error)
            if fault is None:
                raise
            self._ledger.spend(method, fault.units)
            if isinstance(fault, QuotaGone):
                self._ledger.refused()
            raise fault from error
        self._ledger.spend(method)
        if not isinstance(answer, dict):  # a page of somebody on the way, with status 200
            raise Offline(_("YouTube's answer cannot be understood. It is tried again by itself."))
        return answer

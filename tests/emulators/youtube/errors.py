"""YouTube's refusals: status, domain, reason and message, in Google's envelope."""

from __future__ import annotations

from typing import Any

TABLE: dict[str, tuple[int, str, str]] = {
    # reason: (status, domain, message)
    "invalidDescription": (
        400,
        "youtube.video",
        "The request metadata specifies an invalid video description.",
    ),
    "invalidTitle": (400, "youtube.video", "The request metadata specifies an invalid or empty video title."),
    "invalidVideoMetadata": (400, "youtube.video", "The request metadata is invalid."),
    "invalidTags": (400, "youtube.video", "The request metadata specifies invalid video keywords."),
    "invalidCategoryId": (400, "youtube.video", "The request metadata specifies an invalid category ID."),
    "videoNotFound": (
        404,
        "youtube.video",
        (
            "The video that you are trying to update cannot be found. Check the value of the <code>id</code> field "
            "in the request body to ensure that it is correct."
        ),
    ),
    "forbidden": (403, "youtube.common", "The request might not be properly authorized."),
    "titleRequired": (400, "youtube.liveBroadcast", "Title is required"),
    "scheduledStartTimeRequired": (400, "youtube.liveBroadcast", "Scheduled start time is required"),
    "invalidScheduledStartTime": (
        400,
        "youtube.liveBroadcast",
        "Scheduled start time must be in the future and close enough to the current date",
    ),
    "privacyStatusRequired": (400, "youtube.liveBroadcast", "Privacy status is required"),
    "invalidPrivacyStatus": (400, "youtube.liveBroadcast", "Invalid privacy status"),
    "invalidScheduledEndTime": (400, "youtube.liveBroadcast", "Scheduled end time requires start time"),
    "invalidAutoStart": (400, "youtube.liveBroadcast", "Invalid value for enableAutoStart"),
    "invalidAutoStop": (400, "youtube.liveBroadcast", "Invalid value for enableAutoStop"),
    "invalidLatencyPreferenceOptions": (400, "youtube.liveBroadcast", "Invalid latency preference options"),
    "invalidProjection": (400, "youtube.liveBroadcast", "Invalid projection"),
    "enableMonitorStreamRequired": (400, "youtube.liveBroadcast", "Enable monitor stream is required"),
    "broadcastStreamDelayMsRequired": (400, "youtube.liveBroadcast", "Broadcast stream delay is required"),
    "modificationNotAllowed": (403, "youtube.liveBroadcast", "{detail} cannot be modified in the current state"),
    "userBroadcastsExceedLimit": (403, "youtube.liveBroadcast", "User broadcasts exceed limit"),
    "invalidEmbedSetting": (400, "youtube.liveBroadcast", "Invalid embed setting"),
    "errorStreamInactive": (403, "youtube.liveBroadcast", "Stream is inactive"),
    "invalidTransition": (403, "youtube.liveBroadcast", "Invalid transition"),
    "redundantTransition": (403, "youtube.liveBroadcast", "Redundant transition"),
    "liveBroadcastNotFound": (404, "youtube.liveBroadcast", "Live broadcast not found"),
    "liveBroadcastBindingNotAllowed": (403, "youtube.liveBroadcast", "Live broadcast binding is not allowed"),
    "liveStreamNotFound": (404, "youtube.liveBroadcast", "Live stream not found"),
    "liveStreamingNotEnabled": (403, "youtube.liveBroadcast", "The user is not enabled for live streaming."),
    "incompatibleParameters": (
        400,
        "youtube.parameter",
        "Incompatible parameters specified in the request: {detail}",
    ),
    "missingRequiredParameter": (
        400,
        "youtube.parameter",
        "No filter selected. Expected one of: {detail}",
    ),
    "unknownPart": (400, "youtube.part", "'{detail}'"),
    "unexpectedPart": (400, "youtube.part", "'{detail}'"),
    "required": (400, "global", "Required parameter: {detail}"),
    "invalidParameter": (400, "global", "Invalid value for parameter: {detail}"),
    "badRequest": (400, "global", "{detail}"),
    "cdnRequired": (400, "youtube.liveStream", "Cdn is required"),
    "invalidFormat": (400, "youtube.liveStream", "Invalid format"),
    "mediaBodyRequired": (400, "youtube.thumbnail", "The request does not include the image content."),
    "invalidImage": (400, "youtube.thumbnail", "The provided image content is invalid."),
    "uploadTooLarge": (413, "youtube.thumbnail", "The uploaded image is too large."),
    "liveChatEnded": (403, "youtube.liveChat", "The live chat is no longer live."),
    "liveChatDisabled": (403, "youtube.liveChat", "Live chat is not enabled for the specified broadcast."),
    "liveChatIdRequired": (400, "youtube.liveChat", "The live chat id is required."),
    "messageTextRequired": (400, "youtube.liveChat", "The message text is required."),
    "typeRequired": (400, "youtube.liveChat", "The message type is required."),
    "liveChatNotFound": (404, "youtube.liveChat", "The live chat that you are trying to reach cannot be found."),
    "messageTextInvalid": (400, "youtube.liveChat", "The message text is not valid."),
    "insufficientPermissions": (
        403,
        "global",
        "Insufficient Permission: Request had insufficient authentication scopes.",
    ),
    "authError": (401, "global", "Invalid Credentials"),
    "quotaExceeded": (
        403,
        "youtube.quota",
        "The request cannot be completed because you have exceeded your quota.",
    ),
    "rateLimitExceeded": (403, "youtube.quota", "Rate limit exceeded."),
    "userRateLimitExceeded": (403, "usageLimits", "User Rate Limit Exceeded"),
    "userRequestsExceedRateLimit": (
        403,
        "youtube.liveBroadcast",
        "The user has sent too many requests in a given timeframe.",
    ),
    "backendError": (503, "global", "Service Unavailable. Try again later."),
    "internalError": (500, "global", "Internal error encountered."),
    "notFound": (404, "global", "Not Found"),
}

_STATUS = {401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE"}


class ApiError(Exception):
    """A refusal. `units` is what it costs: 1 as a rule, nothing when the request did not get that far."""

    def __init__(
        self, reason: str, detail: str = "", *, location: str = "", status: int | None = None, units: int = 1
    ) -> None:
        # A list of modificationNotAllowed reasons is one row of the table: enableDvrModificationNotAllowed and so on.
        row = "modificationNotAllowed" if reason.endswith("ModificationNotAllowed") else reason
        code, self.domain, message = TABLE[row]
        super().__init__(message.format(detail=detail))
        self.reason = reason
        self.code = status or code
        self.location = location
        self.units = units

    def envelope(self) -> dict[str, Any]:
        one: dict[str, Any] = {"message": str(self), "domain": self.domain, "reason": self.reason}
        if self.location:
            one |= {"location": self.location, "locationType": "parameter"}
        if self.reason == "quotaExceeded":
            one["extendedHelp"] = "https://console.developers.google.com/"
        error: dict[str, Any] = {"code": self.code, "message": str(self), "errors": [one]}
        if self.code in _STATUS:
            error["status"] = _STATUS[self.code]
        return {"error": error}

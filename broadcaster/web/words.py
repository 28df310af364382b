"""What the page's scripts say, in the language of the request."""

from __future__ import annotations

from broadcaster.language import gettext as _


def words() -> dict[str, dict[str, str]]:
    """By topic and key; the scripts ask for `words.state.held`. %(named)s parts are filled in by them."""
    return {
        "state": {
            "standby": _("STANDBY"),
            "running": _("ON AIR"),
            "held": _("HELD"),
            "ended": _("ENDED"),
            "yielded": _("TAKEN OVER"),
            "stale": _("NO CONTACT"),
        },
        "row": {
            "on_air": _("on air"),
            "next": _("next"),
            "upcoming": _("upcoming"),
            "aired": _("aired"),
            "partial": _("partial"),
            "skipped": _("skipped"),
            "failed": _("failed"),
            "filled": _("filled"),
        },
        "type": {
            "live": _("live"),
            "profile": _("profile"),
            "video": _("video"),
            "slate": _("slate"),
            "break": _("break"),
        },
        "obs": {
            "offline": _("offline"),
            "connecting": _("connecting"),
            "connected": _("connected"),
            "yielded": _("taken over"),
            "rehearsal": _("rehearsal"),
        },
        "youtube": {
            "off": _("off"),
            "rehearsal": _("rehearsal"),
            "ok": _("published"),
            "waiting": _("waiting"),
            "failing": _("failing"),
            "quota": _("quota used up"),
        },
        "level": {"info": _("notice"), "warning": _("warning"), "alarm": _("alarm")},
        "now": {
            "on_air": _("On air"),
            "nothing": _("Nothing on air"),
            "filler": _("Filler until the next item"),
            "remaining": _("remaining"),
            "over": _("over its time"),
            "elapsed": _("on air for"),
            "manual": _("ends with a take"),
        },
        "next": {
            "nothing": _("Nothing follows"),
            "in": _("in"),
            "due": _("due for"),
            "waits": _("waits for a take"),
        },
        "over_under": {"late": _("late"), "early": _("early"), "on_time": _("on time")},
        "rundown": {
            "jump": _("Jump to %(title)s"),
            "skip": _("Skip %(title)s"),
            "hard": _("hard start"),
            "gap": _("gap %(duration)s"),
            "overlap": _("overlap %(duration)s"),
            "media_ok": _("video is fine"),
            "link_ok": _("has a link"),
            "link_none": _("no link"),
            "open": _("open"),
        },
        "health": {
            "streaming": _("streaming"),
            "not_streaming": _("not streaming"),
            "starting": _("is being started"),
            "down": _("broke off"),
            "recording": _("REC"),
            "quota": _("%(units)s units left"),
        },
        "ask": {
            "jump": _("Put “%(title)s” on air now?"),
            "skip": _("Skip “%(title)s”?"),
        },
        "toast": {
            "double_take": _("Second take within a second: ignored."),
            "unreachable": _("The service did not answer. OBS goes on with what is on air."),
        },
    }

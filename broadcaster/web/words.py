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
            "warning": _("ending soon"),
            "danger": _("about to end"),
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
            "free": _("%(size)s GB free"),
            "in_time": _("in time"),
            "differs": _("differs by %(by)s"),
            "alone": _("on its own"),
            "alone_why": _(
                "No time server keeps the clock of the service's machine: `timedatectl set-ntp true` there."
            ),
            "start_stream": _("Start stream"),
            "stop_stream": _("Stop stream"),
        },
        "ask": {
            "jump": _("Put “%(title)s” on air now?"),
            "skip": _("Skip “%(title)s”?"),
            "stream_on": _("Start the stream? Viewers will see program."),
            "stream_off": _("Stop the stream? Viewers will see nothing."),
        },
        "edit": {
            "made": _("The edit is made and saved."),
            "undone": _("Taken back."),
            "redone": _("Made again."),
            "did": _("%(who)s: %(what)s"),
            "took_back": _("%(who)s took back: %(what)s"),
            "new_item": _("New item"),
            "new_exhibitor": _("New exhibitor"),
            "new": _("new"),
            "edited": _("changed"),
            "shifted": _("moves"),
            "ready": _("ready"),
            "no_picture": _("no picture"),
            "loudness": _("%(value)s LUFS"),
            "shown": _("%(ready)s of %(all)s are ready"),
        },
        "alarm": {
            "dropped_frames": _("Frames are lost: the network is too slow. Lower the bit rate, or free the line."),
            "congestion": _("The network is congested. Lower the bit rate, or free the line."),
            "low_bitrate": _("The stream has a low bit rate. Look at OBS's output settings and the network."),
            "render_lag": _("OBS renders too slowly. Close other programs on its machine."),
            "encoder_lag": _("OBS encodes too slowly. Choose a faster preset or a smaller picture."),
            "stream_off": _("The stream is off, and should be on. Press “Start stream”."),
            "stream_stuck": _("The stream does not come back by itself. Look at the network, then stop and start it."),
            "recording_off": _("The recording is off, and should be on. Look at OBS and the disk."),
            "disk_low": _("The recordings' disk is filling up. Make room."),
            "disk_full": _("The recordings' disk is full: recording has stopped. Make room."),
            "obs_offline": _(
                "OBS does not answer. Start it, or look at its machine; the show goes on when it is back."
            ),
            "youtube_failing": _("YouTube does not take the description: %(detail)s"),
            "quota": _("YouTube's quota is used up: the description stays as it is until the quota's day begins anew."),
            "clock": _(
                "This device's clock differs from the service's by %(by)s. Times on this page are the service's."
            ),
            "video": _("The video of what is next cannot be played: a card stands in. Skip it, or mend the file."),
        },
        "toast": {
            "double_take": _("Second take within a second: ignored."),
            "unreachable": _("The service did not answer. OBS goes on with what is on air."),
        },
    }

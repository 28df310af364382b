"""OBS as the studio: `ObsStudio` is the port, `PrivateObs` an OBS of the service's own."""

from broadcaster.devices.obs.check import check, setup
from broadcaster.devices.obs.connection import Address
from broadcaster.devices.obs.errors import BadPassword, LaunchFailed, ObsError, Offline, Refused
from broadcaster.devices.obs.launch import PrivateObs
from broadcaster.devices.obs.outputs import Outputs
from broadcaster.devices.obs.studio import ObsStudio

__all__ = [
    "Address",
    "BadPassword",
    "LaunchFailed",
    "ObsError",
    "ObsStudio",
    "Offline",
    "Outputs",
    "PrivateObs",
    "Refused",
    "check",
    "setup",
]

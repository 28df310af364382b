"""OBS as the studio. `ObsStudio` is the port; `PrivateObs` an OBS of the service's own; `check` says what is wrong."""

from broadcaster.devices.obs.launch import PrivateObs
from broadcaster.devices.obs.studio import ObsStudio

__all__ = ["ObsStudio", "PrivateObs"]

"""The remote desktop: a relay between a browser and the VNC server of an instrument."""

"""The connector: a program on a laboratory's PC that brings the screen of an instrument to the portal.

It stands alone: standard library and `websockets`, nothing of Django, packed by `bookings.desktop.packing` into one
file that any Python from 3.11 runs. It dials out to the portal, over TLS, and to the one VNC server that its own
configuration names; what the portal says can make it do nothing else.
"""

VERSION = "1.0"

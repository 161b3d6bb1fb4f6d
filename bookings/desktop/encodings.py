"""The encodings that may be agreed on: those whose length the relay knows, and that let nothing past its filters.

Left out on purpose, among others:
- Extended Mouse Buttons (-316): changes the length of PointerEvent
- xvp (-309): lets a browser shut the instrument's PC down
- DesktopName (-307): names of desktops tell hosts and accounts
- QEMU audio (-259), JPEG (21), Hextile (5), CompressLevel 0 (-256): of no use to the page, or costly to follow
"""

from collections.abc import Iterable

from instruments.enums import Clipboard

RAW, COPY, RRE, ZLIB, TIGHT, ZRLE, H264, TIGHT_PNG = 0, 1, 2, 6, 7, 16, 50, -260
DESKTOP_SIZE, LAST_RECTANGLE, CURSOR, QEMU_KEY, LED_STATE = -223, -224, -239, -258, -261
EXTENDED_DESKTOP_SIZE, FENCE, CONTINUOUS_UPDATES = -308, -312, -313
VMWARE_CURSOR = 0x574D5664
EXTENDED_CLIPBOARD = 0xC0A1E5CE - (1 << 32)

PICTURES = {RAW, COPY, RRE, ZLIB, TIGHT, ZRLE, H264, TIGHT_PNG}
SIGNS = {DESKTOP_SIZE, LAST_RECTANGLE, CURSOR, QEMU_KEY, LED_STATE, EXTENDED_DESKTOP_SIZE, VMWARE_CURSOR}
TALK = {FENCE, CONTINUOUS_UPDATES}
QUALITY = set(range(-32, -22))
COMPRESSION = set(range(-255, -246))
ALLOWED = frozenset(PICTURES | SIGNS | TALK | QUALITY | COMPRESSION)


def admitted(asked: Iterable[int], clipboard: Clipboard | str) -> list[int]:
    """Those of the encodings that may be agreed on, in their order."""
    return [code for code in asked if code in ALLOWED or (code == EXTENDED_CLIPBOARD and clipboard != Clipboard.NONE)]

"""Which cut text may pass, by the policy of the desktop: plain, and in the steps of the extended clipboard.

The extended clipboard (rfbproto, "Extended Clipboard Pseudo-Encoding") announces, asks for and provides texts; each
step belongs to one way that the text goes, and passes only where that way is open. The abilities that both sides tell
each other once ("caps") carry no text. Only who holds control exchanges texts: what lies on the instrument's clipboard
is nobody else's business.
"""

from instruments.enums import Clipboard

CAPS, REQUEST, PEEK, NOTIFY, PROVIDE = (1 << bit for bit in range(24, 29))
TO_INSTRUMENT = (Clipboard.TO_INSTRUMENT, Clipboard.BOTH)
FROM_INSTRUMENT = (Clipboard.FROM_INSTRUMENT, Clipboard.BOTH)
TEXT_MOST = 1 << 18  # bytes of a text that passes; a longer one is left out
SENT_MOST = 1 << 26  # bytes of a text that are skipped before the line is given up


def may_go(flags: int | None, *, may_control: bool, clipboard: Clipboard | str, outward: bool) -> bool:
    """May this text pass? `flags` are those of the extended clipboard, None for a plain text.

    `outward` is from the browser to the instrument.
    """
    if flags is not None and flags & CAPS:
        return clipboard != Clipboard.NONE
    carries = flags is None or bool(flags & (NOTIFY | PROVIDE))
    asks = flags is not None and bool(flags & (REQUEST | PEEK))
    if carries == asks:  # neither, or both at once: none of the steps there are
        return False
    to_instrument = carries == outward  # who asks receives
    return may_control and clipboard in (TO_INSTRUMENT if to_instrument else FROM_INSTRUMENT)

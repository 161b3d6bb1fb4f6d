"""X11 key symbols (the header keysymdef.h), as RFB carries them."""

SPACE, ESCAPE, RETURN, ENTER = 0x20, 0xFF1B, 0xFF0D, 0xFF8D
TAB, BACK_TAB = 0xFF09, 0xFE20
LEFT, UP, RIGHT, DOWN = 0xFF51, 0xFF52, 0xFF53, 0xFF54


def lowered(keysym: int) -> int:
    """A letter is the same key with and without shift."""
    return keysym + 32 if ord("A") <= keysym <= ord("Z") else keysym

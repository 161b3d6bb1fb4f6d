"""VNC authentication: a challenge answered with DES (RFC 6143, section 7.2.2).

Weak as it is, it is what VNC servers speak; the password never leaves the relay, and the relay never leaves the
networks it may dial.
"""

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

CHALLENGE = 16  # bytes
MOST = 8  # bytes of a password that count


def response(password: str, challenge: bytes) -> bytes:
    """Answer a challenge of 16 bytes. The password counts by its first eight bytes in UTF-8."""
    key = bytes(_mirrored(byte) for byte in password.encode()[:MOST].ljust(MOST, b"\0"))
    des = Cipher(TripleDES(key * 3), modes.ECB()).encryptor()  # noqa: S305  # three equal keys make it single DES
    return des.update(challenge) + des.finalize()


def _mirrored(byte: int) -> int:
    """VNC takes the bits of each byte of the key in the opposite order."""
    return int(f"{byte:08b}"[::-1], 2)

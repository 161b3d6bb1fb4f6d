"""Real PostgreSQL, Valkey and a mail sink from wheels, for a machine that has none. Imports nothing of the portal."""

from .addresses import Addresses, addresses, socket_folder
from .keys import secret_key
from .process import EngineError

__all__ = ["Addresses", "EngineError", "addresses", "secret_key", "socket_folder"]

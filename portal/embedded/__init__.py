"""Real PostgreSQL, Valkey and a mail sink from wheels, for a machine that has none. Imports nothing of the portal."""

from .addresses import Addresses, addresses, socket_folder
from .keys import is_weak, secret_key, weak_one
from .process import EngineError

__all__ = ["Addresses", "EngineError", "addresses", "is_weak", "secret_key", "socket_folder", "weak_one"]

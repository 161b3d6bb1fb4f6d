"""What the clock does, row by row: one that fails today stands in no other's way, and is tried again."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from portal.core.errors import Refused

logger = logging.getLogger(__name__)


def each(rows: Iterable[Any], deed: Callable[[Any], Any]) -> int:
    """Do the deed to each row, or primary key; return how many it was done to.

    One that another worker was quicker with (it is refused, or the deed says 0 or False) does not count.
    """
    done = 0
    for row in rows:
        try:
            done += deed(row) not in (0, False)
        except Refused as refusal:
            logger.info("%s %s: %s", deed, getattr(row, "pk", row), refusal)
        except Exception:
            logger.exception("%s %s failed; the next tick tries again", deed, getattr(row, "pk", row))
    return done

"""Data: the laboratory sends files in pieces, their people fetch them, the clock forgets them on the day it said."""

from bookings.actions.dataset.clock import forget_datasets, tend_uploads, warn_of_ending
from bookings.actions.dataset.common import Gone
from bookings.actions.dataset.finishing import finish_upload
from bookings.actions.dataset.runs import keep_run
from bookings.actions.dataset.sets import COLUMNS, keep_longer, make_dataset, remove_file
from bookings.actions.dataset.uploads import DIGESTS, WrongOffset, begin_upload, give_up, offset_of, send_piece

__all__ = [
    "COLUMNS",
    "DIGESTS",
    "Gone",
    "WrongOffset",
    "begin_upload",
    "finish_upload",
    "forget_datasets",
    "give_up",
    "keep_longer",
    "keep_run",
    "make_dataset",
    "offset_of",
    "remove_file",
    "send_piece",
    "tend_uploads",
    "warn_of_ending",
]

"""What an action raises when it will not do the deed: expected, said to the person, nothing written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Reason:
    """Why a deed is refused: `code` for programs, `message` a sentence for people (already translated)."""

    code: str
    message: str


class Refused(Exception):
    """A rule says no. Pages show the sentences, the API answers `status` with the codes."""

    status = 422

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reason.message for reason in reasons))

    @property
    def codes(self) -> Sequence[str]:
        return [reason.code for reason in self.reasons]


class WrongState(Refused):
    """The row is not in a state from which this verb leads on."""

    def __init__(self, verb: str, current: str) -> None:
        self.verb, self.current = verb, current
        super().__init__(
            Reason("wrong_state", _("This has changed in the meantime and the step is no longer possible. Look again."))
        )


class Forbidden(Refused):
    """This person may not do this, whatever the row's state."""

    status = 403

    def __init__(self, message: str = "") -> None:
        super().__init__(Reason("forbidden", message or _("You are not entitled to do this.")))


class Conflict(Refused):
    """Somebody else changed what this person wrote or looked at; `version` is that of what is stored now."""

    status = 409

    def __init__(self, version: int | str, message: str = "") -> None:
        self.version = version
        usual = _("Somebody else saved this page while you were writing. Nothing is lost: choose what to keep.")
        super().__init__(Reason("conflict", message or usual))


class Taken(Refused):
    """Somebody else has the thing. `alternatives` are (start, end) pairs, free when they were read."""

    status = 409

    def __init__(self, reason: Reason, alternatives: Sequence[tuple[Any, Any]] = ()) -> None:
        self.alternatives = list(alternatives)
        super().__init__(reason)

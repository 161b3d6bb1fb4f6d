"""Two people wrote at once: nobody is overwritten, both texts are shown."""

from django.utils.translation import gettext as _

from portal.core.errors import Reason, Refused


class Conflict(Refused):
    """Somebody else saved this text meanwhile: `version` is that of what is stored, to answer with."""

    status = 409

    def __init__(self, version: str) -> None:
        self.version = version
        sentence = _("Somebody else saved this page while you were writing. Nothing is lost: choose what to keep.")
        super().__init__(Reason("conflict", sentence))

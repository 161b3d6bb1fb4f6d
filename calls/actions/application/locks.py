"""Row locks of applications, always in one order: the call, then the application."""

from django.db import connection
from django.utils.translation import gettext as _

from calls.enums import CallState
from calls.models import Application, Call
from portal.core.errors import Reason, Refused


def hold_call(pk: int) -> Call:
    """The call as it is, held FOR SHARE until the transaction ends: who extends or withdraws it waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM calls_call WHERE id = %s FOR SHARE", [pk])
    return Call.objects.get(pk=pk)


def locked(application: Application) -> Application:
    """The application as it is now, locked until the transaction ends, with its call, people and places."""
    rows = Application.objects.select_for_update(of=("self",), no_key=True)
    related = ("call", "applicant", "organisation", "instrument__organisation")
    return rows.select_related(*related).get(pk=application.pk)


def check_running(call: Call) -> None:
    """Raise Refused `call_over` unless the call is published and not decided."""
    if call.state != CallState.PUBLISHED:
        raise Refused(Reason("call_over", _("This call is decided or withdrawn: what was judged stays as it is.")))

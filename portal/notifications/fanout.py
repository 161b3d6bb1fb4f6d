"""Tell everybody in a table: one INSERT ... SELECT writes a message for every row, however many there are."""

from typing import Any

from django.db import connections, transaction
from django.db.models import DateTimeField, Expression, F, QuerySet, TextField, Value
from django.db.models.functions import Concat, JSONObject, Lower
from django.utils import timezone

from portal.core.later import later
from portal.notifications.enums import State
from portal.notifications.kinds import PERSONAL, Kind
from portal.notifications.models import Notification


def notify_all(kind: Kind, key: str, readers: QuerySet[Any], data: dict[str, int | str]) -> int:
    """Write one message an address about one event; return how many were new. Call it in the event's transaction.

    `readers` is a queryset whose rows have `address`, `language`, `time_zone`, `user` and a secret `token`, which goes
    into each message's data beside `data`. `key` is that of `notify`: an address that was told is not told again, and
    of several rows with one address the one with the lowest pk speaks.
    """
    columns = _columns(kind, key, data)
    chosen = readers.order_by("pk").annotate(**{f"outbox_{name}": value for name, value in columns.items()})
    select, params = chosen.values_list(*(f"outbox_{name}" for name in columns)).query.sql_with_params()
    connection = connections[readers.db]
    quote = connection.ops.quote_name
    table = quote(Notification._meta.db_table)
    column = {field.name: str(field.column) for field in Notification._meta.concrete_fields}
    names = ", ".join(quote(column[name]) for name in columns)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) {select} ON CONFLICT (key) DO NOTHING", params)
        written = cursor.rowcount
        if written:
            later("notifications.deliver")
    return written


def take_back(kinds: list[Kind], token: str) -> int:
    """Suppress what waits to be sent to the holder of `token`, who wants no more; return how many messages that is."""
    waiting = Notification.objects.filter(
        state=State.PENDING, kind__in=[kind.name for kind in kinds], data__token=token
    )
    return waiting.update(state=State.SUPPRESSED, settled_at=timezone.now(), updated_at=timezone.now())


def _columns(kind: Kind, key: str, data: dict[str, int | str]) -> dict[str, Expression | F]:
    """Return field -> expression over a reader's row; fields that are not here are null."""
    moment = Value(timezone.now(), output_field=DateTimeField())
    shared = {name: Value(value) for name, value in data.items()}
    return {
        "kind": Value(kind.name),
        "key": Concat(Value(f"{kind.name}:{key}:"), Lower("address"), output_field=TextField()),
        "address": F("address"),
        "user": F("user"),
        "language": F("language"),
        "time_zone": F("time_zone"),
        "data": JSONObject(**shared, **{PERSONAL: F("token")}),
        "state": Value(State.PENDING.value),
        "due_at": moment,
        "attempts": Value(0),
        "last_error": Value(""),
        "created_at": moment,
        "updated_at": moment,
    }

"""Tell everybody in a table: one INSERT ... SELECT writes a message for every row, however many there are."""

from typing import Any

from django.db import connections, transaction
from django.db.models import Case, DateTimeField, Expression, F, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, JSONObject, Lower
from django.utils import timezone

from portal.core.later import later
from portal.notifications.enums import Frequency, State
from portal.notifications.kinds import PERSONAL, Kind
from portal.notifications.models import Notification


def notify_all(kind: Kind, key: str, readers: QuerySet[Any], data: dict[str, int | str]) -> int:
    """Write one message an address about one event; return how many were new. Call it in the event's transaction.

    `readers` is a queryset whose rows have `address`, `language`, `time_zone`, `frequency`, `user` and a secret
    `token`, which goes into each message's data beside `data`. `key` is that of `notify`: an address that was told is
    not told again, and of several rows with one address the quickest frequency, then the lowest pk speaks.
    Messages for those who do not want them at once are held for their digest; `kind` must have a part for that.
    """
    columns = _columns(kind, key, data)
    chosen = readers.order_by("frequency", "pk").annotate(
        **{f"outbox_{name}": value for name, value in columns.items()}
    )
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
        "frequency": F("frequency"),
        "data": JSONObject(**shared, **{PERSONAL: F("token")}),
        "state": _first_state(kind),
        "due_at": moment,
        "attempts": Value(0),
        "last_error": Value(""),
        "created_at": moment,
        "updated_at": moment,
    }


def _first_state(kind: Kind) -> Expression:
    pending = Value(State.PENDING.value)
    if not kind.has_part:
        return pending
    return Case(When(frequency=Frequency.AT_ONCE, then=pending), default=Value(State.HELD.value))

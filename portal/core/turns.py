"""One after the other, where there is no row yet that two transactions could wait for."""

from django.db import connection


def take_turn(name: str) -> None:
    """Wait until nobody else holds the turn called `name`, and hold it until the transaction ends.

    What is read afterwards shows what the one before has written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])

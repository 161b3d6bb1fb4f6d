"""The watch goes on whatever happens in it: while it rests, nobody would be put out of a session any more."""

import asyncio
import math

import pytest
from django.db import connections

from bookings.desktop import rows
from bookings.desktop.truth import Asked
from bookings.desktop.watch import Watch


class Line:
    """Keeps what the watch says to it; `trouble` is what goes wrong when it looks."""

    def __init__(self, number: int, person: int, trouble: Exception | None = None) -> None:
        self.asked, self.trouble = Asked(number, person, ""), trouble
        self.looks, self.blind = 0, []

    def seconds_left(self, now) -> float:
        return math.inf

    def look(self, truth, now) -> None:
        self.looks += 1
        if self.trouble:
            raise self.trouble

    def go_blind(self, now, *, too_long) -> None:
        self.blind.append(too_long)

    def hear(self) -> None:
        raise NotImplementedError


async def watched(*lines: Line, until) -> None:
    watch = Watch()
    for line in lines:
        watch.add(line)
    async with asyncio.timeout(60):
        while not until():
            await asyncio.sleep(0.05)
    await watch.stop()
    await rows.ask_first(connections.close_all)  # of the thread that asked


@pytest.mark.django_db(transaction=True)
def test_a_line_that_cannot_be_judged_ends_and_the_others_are_looked_after(researcher, caplog) -> None:
    bad, good = Line(1, researcher.pk, KeyError("lost")), Line(2, researcher.pk)
    asyncio.run(watched(bad, good, until=lambda: good.looks >= 3))
    assert bad.blind[:1] == [True]
    assert good.blind == []
    assert "cannot be understood" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_question_that_fails_in_an_unknown_way_leaves_lines_blind_and_is_asked_again(researcher) -> None:
    line = Line(1, 2**70)  # no key of PostgreSQL's
    asyncio.run(watched(line, until=lambda: len(line.blind) >= 2))
    assert line.blind[:2] == [False, False]
    assert line.looks == 0

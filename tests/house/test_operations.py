"""What the guide for operations says of the clock is what the clock does."""

import re

from django.conf import settings

from portal.celery import app

GUIDE = settings.BASE_DIR / "docs" / "operations.md"
ROW = re.compile(r"^\| `([a-z_]+\.[a-z_]+)` \| (\d+) \| \S.* \|$", re.MULTILINE)


def test_every_periodic_task_stands_in_the_guide_with_its_period():
    told = {name: int(seconds) for name, seconds in ROW.findall(GUIDE.read_text())}
    assert told == {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}

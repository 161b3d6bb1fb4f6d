"""What a worker of the pages keeps in mind."""

import os
import subprocess
import sys

from django.conf import settings

PAGES_COME_AND_GO = """
import gc
import portal.wsgi
searches = gc.get_stats()[2]["collections"]
for _ in range(100):
    [[] for _ in range(1500)]
print(gc.get_stats()[2]["collections"] - searches)
"""


def test_what_pages_leave_behind_is_searched_for_soon():
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    seen = subprocess.run(
        [sys.executable, "-c", PAGES_COME_AND_GO],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert int(seen.stdout) > 0

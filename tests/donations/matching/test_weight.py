"""What pages load of the matcher: words, not the libraries that find."""

import subprocess
import sys

import pytest
from django.conf import settings

LOADED = """
import sys
from django.conf import settings
settings.configure()
import donations.matching
import {module}
print(*sorted({{"numpy", "scipy"}} & set(sys.modules)))
"""


@pytest.mark.parametrize("module", ["donations.matching.words", "donations.matching.verdict"])
def test_words_load_no_numbers(module):
    command = [sys.executable, "-c", LOADED.format(module=module)]
    answer = subprocess.run(command, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True, timeout=120)
    assert answer.stdout.strip() == ""


@pytest.mark.django_db
def test_staff_s_questions_load_no_solver():
    command = "import sys, tests, donations.matching.asked; print('numpy' in sys.modules, 'scipy' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", command], cwd=settings.BASE_DIR, check=True, capture_output=True, text=True, timeout=120
    )
    assert answer.stdout.split() == ["True", "False"]

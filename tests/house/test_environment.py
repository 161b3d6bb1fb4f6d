"""README's table of the environment is what the settings read."""

import ast
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

ROW = re.compile(r"^\| ((?:`[A-Z_]+`(?:, | / )?)+) ?\|", re.M)


def read_by_settings() -> set[str]:
    """The names in `env.str("NAME", ...)`, `env.bool(...)` and their like."""
    tree = ast.parse((settings.BASE_DIR / "portal" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "env"
    }


def test_readme_names_every_variable_and_no_other() -> None:
    table = ROW.findall((settings.BASE_DIR / "README.md").read_text())
    named = set(re.findall(r"[A-Z_]+", " ".join(table)))
    assert len(read_by_settings()) > 20
    assert named - {"TEST_DATABASE_TEMPLATE"} == read_by_settings() - {"TEST_DATABASE_TEMPLATE"}


@pytest.mark.parametrize(("demo", "rate"), [("0", "120/min"), ("1", "6000/min")])
def test_the_demo_lets_one_machine_ask_much(demo: str, rate: str) -> None:
    ask = "from portal.settings import REST_FRAMEWORK as api; print(api['DEFAULT_THROTTLE_RATES']['anon'])"
    env = os.environ | {"DEMO": demo, "DEBUG": "0"}
    done = subprocess.run([sys.executable, "-c", ask], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True)
    assert done.stdout.strip() == rate, done.stderr

"""README's table of the environment is what the settings read."""

import ast
import re

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

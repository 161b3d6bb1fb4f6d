"""`make check`: every check that is no test, one line each; what fails shows its output. Names as arguments select."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT))
CALLER = dict(os.environ)  # as the person has it: importing the portal adds to this process's own
# What production sets. The secret is no secret: nothing is served with it.
PRODUCTION = {
    "SECRET_KEY": "only-for-the-deployment-check-" + "x7Kq" * 10,
    "SITE_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "DEBUG": "0",
    "DEMO": "0",
}
REFUSED = (
    "ConnectionError",
    "Max retries",
    "HTTPError",
    "ServiceError",
    "403",
    "timed out",
    "Name or service not known",
)


@dataclass
class Outcome:
    """`note` says why a check could not be made, which is no failure."""

    code: int
    output: str
    note: str = ""


def run(*command: str, env: dict[str, str] | None = None) -> Outcome:
    done = subprocess.run(  # noqa: S603 - the tools of this environment, by full path
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env={**CALLER, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout)


def manage(*arguments: str, env: dict[str, str] | None = None) -> Outcome:
    return run("python", "manage.py", *arguments, env={**PRODUCTION, **(env or {})})


def migrations() -> Outcome:
    """Missing migrations, and migrations that would break the version that still runs; the latter asks a database."""
    from portal.embedded import EngineError, addresses
    from portal.embedded.postgres import UNSAFE_AND_FAST, Postgres

    with tempfile.TemporaryDirectory(prefix="check-", ignore_cleanup_errors=True) as folder:
        engine = Postgres(Path(folder) / "postgres", options=UNSAFE_AND_FAST)
        try:
            engine.start()
            env = {"DATABASE_URL": addresses(folder).database_url}
            missing = manage("makemigrations", "--check", "--dry-run", env=env)
            return missing if missing.code else run("python", ".ci/lint_migrations.py", env={**PRODUCTION, **env})
        except EngineError as error:
            return Outcome(1, str(error))
        finally:
            engine.stop()


def compose() -> Outcome:
    schema = run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
    return schema if schema.code else run("python", "-m", "pytest", "-q", "tests/house/test_compose.py")


def messages() -> Outcome:
    """Where xgettext is missing all but the freshness of the catalogues is looked at, and a note says so."""
    outcome = manage("check_messages")
    if "xgettext is missing" in outcome.output and not outcome.code:
        return Outcome(0, "", "xgettext is missing: install the package gettext")
    return outcome


def audit() -> Outcome:
    """Known holes in the pinned packages; a note where no advisory database can be reached."""
    outcome = run(
        "pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "-r", "requirements.lock"
    )
    if outcome.code and any(word in outcome.output for word in REFUSED):
        return Outcome(0, "", "no advisory database within reach")
    unknown = outcome.output.count("could not be audited")
    return (
        Outcome(0, "", f"{unknown} packages unknown to the index in use") if unknown and not outcome.code else outcome
    )


def vendor() -> Outcome:
    """The noVNC bundle is what its recorded command makes of its source; a note where only the sums can be compared."""
    outcome = run("python", ".ci/vendor.py", "check")
    return Outcome(0, "", f"sums alone: {outcome.output.strip()}") if outcome.output and not outcome.code else outcome


CHECKS: dict[str, Callable[[], Outcome]] = {
    "format": lambda: run("ruff", "format", "--check", "."),
    "lint": lambda: run("ruff", "check", "."),
    "types": lambda: run("mypy", env=PRODUCTION),
    "contracts": lambda: run("lint-imports"),
    "templates": lambda: run("djlint", "templates", "--lint", "--quiet"),
    "messages": messages,
    "migrations": migrations,
    "deployment": lambda: manage("check", "--deploy", "--fail-level", "WARNING"),
    "compose": compose,
    "dockerfile": lambda: run("hadolint", "Dockerfile"),
    "vendor": vendor,
    "audit": audit,
}


def main() -> int:
    wanted = sys.argv[1:] or list(CHECKS)
    if unknown := set(wanted) - set(CHECKS):
        sys.stderr.write(f"There is no check named {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}.\n")
        return 2
    failed = []
    for name in wanted:
        sys.stdout.write(f"{name:12}")
        sys.stdout.flush()
        started = time.monotonic()
        outcome = CHECKS[name]()
        word = "FAILED" if outcome.code else f"note: {outcome.note}" if outcome.note else "ok"
        sys.stdout.write(f"{word}  ({time.monotonic() - started:.1f} s)\n")
        if outcome.code:
            failed.append(name)
            sys.stdout.write(outcome.output.rstrip() + "\n")
    sys.stdout.write(f"Failed: {', '.join(failed)}\n" if failed else "All is well.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""The noVNC bundle: one file that esbuild makes from noVNC's unmodified source beside it, and a manifest of both.

`make vendor` builds; `make check` compares the sums, and builds again where Node and the registry are within reach.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1] / "static/vendor/novnc-1.7.0"
MANIFEST = HOME / "manifest.json"
PACKAGE = "@novnc/novnc@1.7.0"
ESBUILD = "esbuild@0.28.2"
ENTRY, BUNDLE = "source/core/rfb.js", "novnc.js"
BANNER = "/*! noVNC 1.7.0, MPL-2.0; licence and source: github.com/novnc/noVNC, and source/ beside this file */"
OPTIONS = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=none", f"--banner:js={BANNER}")
UNREACHABLE = ("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "E403", "E404", "ENOTCACHED", "network")


class NoTools(Exception):
    """Node, npm or the registry is not here; the sums alone speak."""


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(home: Path) -> dict[str, Any]:
    """What was built from what, by which command, with the SHA-256 of every file."""
    files = sorted(path for path in home.rglob("*") if path.is_file() and path.name != MANIFEST.name)
    return {
        "package": PACKAGE,
        "builder": ESBUILD,
        "command": ["npx", "--yes", ESBUILD, ENTRY, *OPTIONS, f"--outfile={BUNDLE}"],
        "sha256": {path.relative_to(home).as_posix(): sum_of(path) for path in files},
    }


def build(out: Path) -> None:
    """Write the bundle to `out`. Raises NoTools; CalledProcessError when the source does not build."""
    if not shutil.which("npx"):
        raise NoTools("there is no Node here")
    command = ["npx", "--yes", ESBUILD, ENTRY, *OPTIONS, f"--outfile={out}", "--log-level=warning"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
    if done.returncode and any(word in done.stderr for word in UNREACHABLE):
        raise NoTools("esbuild cannot be fetched")
    if done.returncode:
        raise SystemExit(done.stderr)


def differences() -> tuple[list[str], str]:
    """What is not as the manifest says, and why the bundle could not be built again, if it could not."""
    told, found = json.loads(MANIFEST.read_text()), manifest(HOME)
    wrong = [f"{name}: not as recorded" for name in ("package", "builder", "command") if told[name] != found[name]]
    names = sorted(told["sha256"].keys() | found["sha256"].keys())
    wrong += [f"{name}: changed" for name in names if told["sha256"].get(name) != found["sha256"].get(name)]
    try:
        with tempfile.TemporaryDirectory(prefix="vendor-") as folder:
            build(Path(folder) / BUNDLE)
            if sum_of(Path(folder) / BUNDLE) != told["sha256"][BUNDLE]:
                wrong.append(f"{BUNDLE}: the source beside it builds something else")
    except NoTools as reason:
        return wrong, str(reason)
    return wrong, ""


def main() -> int:
    """Build, or with `check` compare."""
    if sys.argv[1:] == ["check"]:
        wrong, note = differences()
        sys.stdout.writelines(f"{line}\n" for line in [*wrong, *filter(None, [note])])
        return 1 if wrong else 0
    build(HOME / BUNDLE)
    MANIFEST.write_text(json.dumps(manifest(HOME), indent=1) + "\n")
    sys.stdout.write(f"{BUNDLE}: {(HOME / BUNDLE).stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

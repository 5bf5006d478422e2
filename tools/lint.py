"""Run every check of style: `.venv/bin/python tools/lint.py` says which fail, and fails if any does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def commands() -> dict[str, list[str]]:
    """Return the checks by name, as arguments of this Python (an environment that was moved has no scripts)."""
    chapters = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "book").rglob("*.ipynb"))]
    return {
        "ruff": ["-m", "ruff", "check", "."],
        "format": ["-m", "ruff", "format", "--check", "qlearn", "tests", "tools", "benchmarks"],
        "mypy": ["-m", "mypy"],
        "import-linter": [
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-cache",
        ],
        "codespell": ["-m", "codespell_lib"],
        # A kept output keeps its count: nbval refuses an output of a cell that was not run.
        "nbstripout": ["-m", "nbstripout", "--verify", "--keep-id", "--keep-count", *chapters],
    }


def main() -> int:
    """Run all of them, whatever the first says."""
    failed = []
    for name, arguments in commands().items():
        ran = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        print(f"{name:14} {'ok' if ran.returncode == 0 else 'FAILED'}", flush=True)
        if ran.returncode:
            failed.append(name)
            print(ran.stdout + ran.stderr, flush=True)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())

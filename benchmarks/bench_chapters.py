"""What a reader pays: seconds and memory of every chapter on one processor core, and of `import qlearn`."""

import subprocess
import sys
import time
from collections.abc import Iterable

from benchmarks.harness import ROOT, Row

SECTION = "chapters"
MOST_SECONDS, MOST_MIB = 20, 1024
MOST_IMPORT_SECONDS = 0.2

# The notebook runs in a kernel, a child of this script: the child's largest memory is the chapter's.
RUN = """
import os, resource, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
start = time.perf_counter()
NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
seconds = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024
print(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 2**20)
"""

SDKS = ("qiskit", "qiskit_aer", "pennylane", "sklearn", "scipy", "matplotlib")


def import_seconds(repeat: int = 7) -> float:
    """Return what `import qlearn` adds to starting Python, at best; refuse if an SDK comes along."""
    check = f"import qlearn, sys; found = set({SDKS!r}) & set(sys.modules); assert not found, found"
    subprocess.run([sys.executable, "-c", check], check=True)

    def best(code: str) -> float:
        times = []
        for _ in range(repeat):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append(time.perf_counter() - start)
        return min(times)

    return best("import qlearn") - best("pass")


def rows() -> Iterable[Row]:
    """Yield the rows: seconds and MiB, each an absolute figure with its bound."""
    seconds = import_seconds()
    bound = f"< {MOST_IMPORT_SECONDS} s"
    yield Row(SECTION, "import qlearn, no SDK (s)", seconds, bound=bound, holds=seconds < MOST_IMPORT_SECONDS)
    for path in sorted((ROOT / "book").glob("*/*.ipynb")):
        name = path.relative_to(ROOT / "book").with_suffix("")
        ran = subprocess.run(
            [sys.executable, "-c", RUN, str(path)],
            cwd=path.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        took, memory = map(float, ran.stdout.split()[-2:])
        yield Row(SECTION, f"{name} (s)", took, bound=f"< {MOST_SECONDS} s", holds=took < MOST_SECONDS)
        yield Row(SECTION, f"{name} (MiB)", memory, bound=f"< {MOST_MIB} MiB", holds=memory < MOST_MIB)

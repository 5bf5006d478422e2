"""Run the chapters that changed, a kernel a core, the longest first: `tools/chapters.py CACHE SECONDS CHAPTER ...`.

A kernel that starts from nothing spends two or three seconds on imports, in each of fifty chapters. Where a process can
be forked safely, the packages are imported once here, and each chapter's kernel is a fork of this process. What it
computes is the same: the cells import what is there already, and random numbers are seeded or taken from the system.
"""

import contextlib
import gc
import json
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from importlib import import_module
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.cache.main import CacheBundleIn
from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# Bars of the library show after a few seconds: a page would tell how slow the machine was. (Seen when tqdm is imported.)
os.environ.setdefault("TQDM_DISABLE", "1")

from tqdm import tqdm

TOOLS = Path(__file__).resolve().parent
# How long each took once, in seconds of one processor: which begins first, and how long the rest may take.
SECONDS = TOOLS / "chapter_seconds.json"
# Macs have the call too, but some of their libraries do not bear it.
FORKS = sys.platform == "linux"
# Imported before the forks: what most chapters use, and takes long. Nothing that starts threads or draws.
WARM = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "scipy.optimize",
    "scipy.sparse.linalg",
    "scipy.stats",
    "sklearn.datasets",
    "sklearn.ensemble",
    "sklearn.model_selection",
    "sklearn.neural_network",
    "sklearn.pipeline",
    "sklearn.svm",
    "networkx",
    "pandas",
    "qiskit",
    "qiskit.visualization",
    "pennylane",
    "qlearn.exercises",
    "qlearn.learning.neural_networks.qnn",
)
# What a library in C prints goes to nobody who could act on it; so it is under nbval. Nobody asks for a history of inputs.
KERNEL = ["--IPKernelApp.capture_fd_output=False", "--HistoryManager.enabled=False"]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Failure(NamedTuple):
    """Why a chapter did not run to its end."""

    chapter: str
    cell: str
    error: str

    def __str__(self) -> str:
        return f"\n{self.chapter}, {self.cell}\n{self.error}\n"


class Ran(NamedTuple):
    """What one chapter has come to."""

    notebook: Any
    failure: Failure | None
    wall: float
    processor: float


# One kernel, which is a fork of the process that asks for it


class Fork:
    """A process that waits to be a kernel: made before its parent has threads, used like a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self) -> None:
        told, self._tell = os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.close(self._tell)
                code = _be_a_kernel(told)
            finally:
                os._exit(code)
        os.close(told)

    def begin(self, words: dict[str, Any]) -> None:
        """Say which kernel to be."""
        with os.fdopen(self._tell, "w") as pipe:
            json.dump(words, pipe)

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        if self.returncode is None:
            with contextlib.suppress(ChildProcessError):
                ended, status = os.waitpid(self.pid, os.WNOHANG)
                if ended:
                    self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self) -> int | None:
        """Return the exit code when there is one."""
        while self.poll() is None:
            time.sleep(0.02)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def _be_a_kernel(told: int) -> int:
    os.setsid()  # Ctrl-C is for those who started us
    with os.fdopen(told) as pipe:
        text = pipe.read()
    if not text:  # nobody wants a kernel any more
        return 0
    words = json.loads(text)
    os.environ.update(words["env"])
    os.chdir(words["cwd"])
    for number in (1, 2):
        os.dup2(os.open(words["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.path[:] = [path for path in sys.path if not path or Path(path).resolve() != TOOLS]
    sys.argv = ["ipykernel_launcher.py", "-f", words["file"], *KERNEL]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=sys.argv[1:])
    return 0


class ByFork(LocalProvisioner):
    """Starts the process that waits to be a kernel."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel of the connection file that the manager has written."""
        manager: Any = self.parent
        env = {**kwargs["env"], "JPY_PARENT_PID": str(os.getpid())}
        manager.fork.begin(
            {"file": manager.connection_file, "cwd": kwargs["cwd"], "env": env, "log": manager.log_file}
        )
        self.process, self.pid, self.pgid = manager.fork, manager.fork.pid, manager.fork.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info


class Manager(AsyncKernelManager):
    """Speaks to a kernel through files of a folder of its own, and lets it be a fork where that is possible."""

    fork: Fork | None = None
    log_file = ""

    async def _async_pre_start_kernel(self, **kw: Any) -> Any:
        if self.fork is not None and self.provisioner is None:
            self.provisioner = ByFork(parent=self, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec)
        return await super()._async_pre_start_kernel(**kw)


# One chapter, in a process of its own


def run_alone(chapter: str, limit: int, forks: bool) -> Ran:
    """Run one chapter in a kernel of its own."""
    fork = Fork() if forks else None  # before there is any thread
    began = time.perf_counter()
    notebook = nbformat.read(chapter, nbformat.NO_CONVERT)
    at = [0]
    with tempfile.TemporaryDirectory(prefix="qlearn-") as folder:
        log = Path(folder) / "log"
        manager = Manager(kernel_name="python3", connection_file=f"{folder}/kernel.json")
        if os.name == "posix":  # no port that others could open, and no warning of it
            manager.transport, manager.ip = "ipc", f"{folder}/kernel"
        manager.fork, manager.log_file = fork, str(log)
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=limit,
            extra_arguments=KERNEL,
            record_timing=False,  # in the cells, by which the cache knows a chapter
            resources={"metadata": {"path": str(Path(chapter).parent)}},
            on_cell_start=lambda cell, cell_index: at.__setitem__(0, cell_index),
        )
        failure = None
        with open(log, "ab") as said:
            try:
                client.execute(cleanup_kc=True, stdout=said, stderr=said)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                failure = told(chapter, notebook, at[0], error, limit, log)
    used = sum(os.times()[:4])  # its own and its kernel's
    return Ran(notebook, failure, time.perf_counter() - began, used)


def told(chapter: str, notebook: Any, at: int, error: Exception, limit: int, log: Path) -> Failure:
    """Say what a reader needs who wants to mend it: the chapter, the cell, what it says and where."""
    cell = notebook.cells[at]
    number = sum(one.cell_type == "code" for one in notebook.cells[: at + 1])
    name = f"code cell {number}" + (f" (id {cell.id})" if "id" in cell else "")
    if isinstance(error, CellExecutionError):
        lines = COLOUR.sub("", error.traceback or "").strip().splitlines()
        kept = lines if len(lines) <= 30 else [*lines[:12], "...", *lines[-17:]]
    else:
        kept = [*cell.source.splitlines()[:12], ""]
        if isinstance(error, CellTimeoutError):
            kept += [f"It took longer than the {limit} seconds it may."]
        else:
            kept += ["The kernel died in it (is there enough memory?)."]
            kept += log.read_text(errors="replace").splitlines()[-10:]
    return Failure(chapter, name, "\n".join(f"    {line}" for line in kept))


def _work(chapter: str, limit: int, forks: bool, tell: Connection) -> None:
    if hasattr(os, "setsid"):
        os.setsid()  # Ctrl-C is for those who started us: they say when to stop
    # While a chapter runs nbclient hears it, and ends the kernel first.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(1))
    try:
        ran = run_alone(chapter, limit, forks)
    except Exception:  # what no cell has done: it is shown whole
        ran = Ran(None, Failure(chapter, "before or after its cells", traceback.format_exc()), 0, 0)
    with contextlib.suppress(OSError):  # nobody listens any more
        tell.send(ran)
    tell.close()


# All of them


def pending(cache: Any, chapters: Iterable[str]) -> list[str]:
    """Return the chapters of which the cache holds no run, or none that can be read."""
    waiting = []
    for chapter in chapters:
        try:
            cache.merge_match_into_notebook(nbformat.read(chapter, nbformat.NO_CONVERT))
        except (KeyError, ValueError, OSError, IndexError):  # no run; or one whose file was cut off
            waiting.append(chapter)
    return waiting


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C wait until something is done."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def store(cache: Any, chapter: str, ran: Ran) -> None:
    """Keep what a chapter has shown, whole or not at all."""
    seconds = {"execution_seconds": ran.wall, "processor_seconds": ran.processor}
    _, key = cache.create_hashed_notebook(ran.notebook)
    with undisturbed():
        # What a run that was cut off has left.
        shutil.rmtree(Path(cache.path) / "executed" / key, ignore_errors=True)
        cache.cache_notebook_bundle(
            CacheBundleIn(ran.notebook, chapter, data=seconds), check_validity=False, overwrite=True
        )


def short(chapter: str) -> str:
    """Return part and name of a chapter."""
    return "/".join(Path(chapter).with_suffix("").parts[-2:])


def expected(chapters: Iterable[str]) -> dict[str, float]:
    """Return how long each chapter may take; a new one is taken for a long one."""
    known = json.loads(SECONDS.read_text(encoding="utf8")) if SECONDS.exists() else {}
    return {chapter: known.get(short(chapter), 40.0) for chapter in chapters}


class Bar:
    """How far it is: a bar on a terminal, elsewhere a line for each chapter."""

    def __init__(self, seconds: dict[str, float], out: TextIO) -> None:
        self.seconds, self.out = seconds, out
        self.began, self.done, self.left = time.monotonic(), 0, sum(seconds.values())
        self.total = self.left
        tqdm.monitor_interval = 0  # a thread; there are forks to come
        form = "{desc} {n_fmt}/{total_fmt} |{bar}| {postfix}"
        self.bar = tqdm(
            total=len(seconds),
            desc="chapters",
            bar_format=form,
            file=out,
            disable=not out.isatty(),
            leave=False,
        )

    def remaining(self, running: Iterable[str]) -> str:
        """Return how long it may still take, by how fast it went so far."""
        done = self.total - self.left
        if done <= 0:
            return "a few minutes"
        # What runs is half done, on the average.
        left = self.left - sum(self.seconds[chapter] for chapter in running) / 2
        seconds = (time.monotonic() - self.began) * left / done
        return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"

    def show(self, running: Iterable[str]) -> None:
        """Show what runs."""
        names = ", ".join(short(chapter) for chapter in running)
        self.bar.set_postfix_str(f"{names}; about {self.remaining(running)} left")

    def finish(self, chapter: str, ran: Ran, running: Iterable[str]) -> None:
        """Count a chapter."""
        self.done += 1
        self.left -= self.seconds[chapter]
        self.bar.update()
        if self.bar.disable:
            end = "failed" if ran.failure else f"{ran.wall:.0f} s"
            rest = f", about {self.remaining(running)} left" if self.done < len(self.seconds) else ""
            place = f"{self.done:3}/{len(self.seconds)}"
            print(f"{place} {short(chapter)}: {end}{rest}", file=self.out, flush=True)


def run(
    cache: Any,
    chapters: list[str],
    limit: int,
    forks: bool = FORKS,
) -> list[Failure]:
    """Run chapters, keep what they show, and return those that failed."""
    seconds = expected(chapters)
    waiting = sorted(chapters, key=seconds.__getitem__)  # they are taken from the end
    workers = min(os.cpu_count() or 1, len(chapters))
    # For one or two the imports of all would take longer than their own.
    if forks and len(chapters) > workers:
        warm()
    context: Any = multiprocessing.get_context("fork" if forks else "spawn")
    running: dict[Any, tuple[str, Any]] = {}
    failures = []
    bar = Bar(seconds, sys.stderr)
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                hear, tell = context.Pipe(duplex=False)
                chapter = waiting.pop()
                process = context.Process(target=_work, args=(chapter, limit, forks, tell))
                process.start()
                tell.close()
                running[hear] = chapter, process
            bar.show([chapter for chapter, _ in running.values()])
            ready: list[Any] = wait([*running], timeout=1)
            for hear in ready:
                chapter, process = running.pop(hear)
                try:
                    ran: Ran = hear.recv()
                except EOFError:
                    gone = "    Its process was ended from outside (is there enough memory?)."
                    ran = Ran(None, Failure(chapter, "some cell", gone), 0, 0)
                process.join()
                if ran.failure:
                    failures.append(ran.failure)
                else:
                    store(cache, chapter, ran)
                bar.finish(chapter, ran, [chapter for chapter, _ in running.values()])
    finally:
        bar.bar.close()
        for _, process in running.values():
            process.terminate()
        for _, process in running.values():
            process.join()
    return failures


def warm() -> None:
    """Import what chapters import, so that each fork has it."""
    # A kernel's own: Matplotlib looks when it is imported.
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    for name in WARM:
        with contextlib.suppress(ImportError):  # an extra
            import_module(name)
    gc.collect()
    gc.freeze()  # no kernel looks through all this for garbage, or copies it by looking


def stop_once(number: int, frame: object) -> None:
    """Stop at the first Ctrl-C, and let no second one disturb the tidying up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """Run what changed; say what failed, and what to do."""
    signal.signal(signal.SIGINT, stop_once)
    where, limit, *chapters = sys.argv[1:]
    cache = get_cache(where)
    todo = pending(cache, chapters)
    if not todo:
        return 0
    kept = f" ({len(chapters) - len(todo)} have not changed)" if len(todo) < len(chapters) else ""
    print(f"Running {len(todo)} chapters{kept}", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        failures = run(cache, todo, int(limit))
    except KeyboardInterrupt:
        print("Stopped. The chapters that ran are kept: the next build runs the others.", file=sys.stderr)
        return 130
    if failures:
        print(*failures, sep="\n", file=sys.stderr)
        print(
            f"{len(failures)} of {len(todo)} chapters failed, and no page was built. "
            "The others are kept: mend the cell and build again.",
            file=sys.stderr,
        )
        return 1
    print(f"{len(todo)} chapters ran in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

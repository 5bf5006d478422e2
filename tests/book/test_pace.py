"""Chapters run on all cores and pages are written: what is shown, what is kept, what is said when a cell fails."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
DRAWN = """import matplotlib.pyplot as plt
import numpy as np
from qlearn.qubits import ket
plt.plot(np.random.default_rng(1).normal(size=20))
plt.show()
ket("01")"""


@pytest.fixture
def book(tmp_path: Path, root: Path):
    """A place for chapters, and a way to run them as the build does."""

    class Book:
        cache = tmp_path / "cache"

        def chapter(self, name: str, *cells: str) -> Path:
            path = tmp_path / "part" / f"{name}.ipynb"
            path.parent.mkdir(exist_ok=True)
            made = [nbformat.v4.new_code_cell(text, id=f"{name}-{i}") for i, text in enumerate(cells)]
            nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=KERNEL), path)
            return path

        def command(self, *chapters: Path, seconds: int = 60, forks: bool = True) -> list[str]:
            other = (
                ""
                if forks
                else "; import functools; chapters.run = functools.partial(chapters.run, forks=False)"
            )
            code = f"import sys; sys.path.insert(0, {str(root / 'tools')!r}); import chapters{other}; sys.exit(chapters.main())"
            start = ["-c", code] if not forks else [str(root / "tools" / "chapters.py")]
            return [sys.executable, *start, str(self.cache), str(seconds), *map(str, chapters)]

        def run(self, *chapters: Path, **options) -> tuple[int, str]:
            ran = subprocess.run(self.command(*chapters, **options), capture_output=True, text=True, cwd=root)
            assert ran.stdout == ""
            return ran.returncode, ran.stderr

        def shown(self, chapter: Path):
            _, notebook = get_cache(self.cache).merge_match_into_notebook(nbformat.read(chapter, 4))
            return notebook.cells

    return Book()


def test_chapters_run_once_and_nothing_is_said_but_how_far_it_is(book):
    one, two = book.chapter("one", "6 * 7"), book.chapter("two", "print('x')", "import debugpy")
    code, said = book.run(one, two)
    lines = said.splitlines()
    assert code == 0
    assert lines[0] == "Running 2 chapters"
    assert {line[:14] for line in lines[1:3]} <= {
        "  1/2 part/one",
        "  1/2 part/two",
        "  2/2 part/one",
        "  2/2 part/two",
    }
    assert lines[3].startswith("2 chapters ran in ")
    assert len(lines) == 4
    assert book.shown(one)[0].outputs[0].data == {"text/plain": "42"}
    assert book.shown(two)[0].outputs[0].text == "x\n"
    assert book.run(one, two) == (0, "")
    two = book.chapter("two", "print('y')")
    assert book.run(one, two)[1].startswith("Running 1 chapters (1 have not changed)\n")


def test_a_forked_kernel_shows_what_any_kernel_shows(book, tmp_path: Path):
    many = [book.chapter(f"same{number}", DRAWN, f"{number}") for number in range(4)]
    assert book.run(*many)[0] == 0  # enough of them for the imports beforehand
    forked = book.shown(many[0])[0].outputs
    assert "image/png" in forked[0].data
    book.cache = tmp_path / "other"
    assert book.run(many[0], forks=False)[0] == 0
    assert book.shown(many[0])[0].outputs == forked


def test_a_cell_that_fails_is_shown_with_its_chapter_and_the_others_are_kept(book):
    good, bad = book.chapter("good", "1"), book.chapter("bad", "angle = 2", "angle + phase")
    code, said = book.run(good, bad)
    assert code == 1
    assert f"{bad}, code cell 2 (id bad-1)\n" in said
    assert "angle + phase" in said
    assert "NameError: name 'phase' is not defined" in said
    assert said.endswith(
        "1 of 2 chapters failed, and no page was built. The others are kept: mend the cell and build again.\n"
    )
    assert "\x1b[" not in said
    bad = book.chapter("bad", "angle = 2", "angle")
    assert book.run(good, bad)[1].startswith("Running 1 chapters (1 have not changed)\n")


def test_a_cell_without_end_and_a_kernel_that_dies_are_named(book):
    slow = book.chapter("slow", "import time", "time.sleep(300)")
    dead = book.chapter("dead", "import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")
    code, said = book.run(slow, dead, seconds=5)
    assert code == 1
    assert f"{slow}, code cell 2 (id slow-1)\n    time.sleep(300)\n" in said
    assert "It took longer than the 5 seconds it may." in said
    assert f"{dead}, code cell 2 (id dead-1)\n" in said
    assert "The kernel died in it" in said


def test_a_run_that_was_cut_off_is_made_again(book):
    one = book.chapter("one", "6 * 7")
    assert book.run(one)[0] == 0
    (kept,) = book.cache.glob("executed/*/base.ipynb")
    kept.write_text(kept.read_text()[:-20])
    assert book.run(one)[1].startswith("Running 1 chapters\n")
    kept.unlink()
    assert book.run(one)[1].startswith("Running 1 chapters\n")
    assert book.run(one) == (0, "")


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has waited for has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_ctrl_c_ends_what_runs_and_leaves_what_ran(book, tmp_path: Path, root: Path):
    quick = book.chapter("quick", "6 * 7")
    begun = tmp_path / "begun"
    slow = book.chapter(
        "slow",
        f"import os, pathlib, time\npathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\ntime.sleep(300)",
    )
    other = book.chapter("other", "7")
    command = book.command(quick, other, slow)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=root) as running:
        said = [running.stderr.readline() for _ in range(3)]  # two of three are done
        while not (begun.exists() and begun.read_text()):
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        running.send_signal(signal.SIGINT)  # as a terminal and the build do it together
        rest = running.stderr.read()
    assert running.returncode == 130
    assert said[0] == "Running 3 chapters\n"
    assert rest == "Stopped. The chapters that ran are kept: the next build runs the others.\n"
    kernel = int(begun.read_text())
    for _ in range(200):
        if not alive(kernel):
            break
        time.sleep(0.1)
    assert not alive(kernel)
    assert book.shown(quick)[0].outputs[0].data == {"text/plain": "42"}
    assert book.run(quick, other) == (0, "")


@pytest.fixture
def chapters(load):
    """The script that runs chapters."""
    return load("tools/chapters.py")


def test_what_is_left_is_told_by_how_fast_it_went(chapters, monkeypatch: pytest.MonkeyPatch):
    seconds = {"part/a.ipynb": 30.0, "part/b.ipynb": 10.0, "part/c.ipynb": 20.0}
    clock = iter([0.0, 15.0, 15.0, 400.0])
    monkeypatch.setattr(chapters.time, "monotonic", lambda: next(clock))
    out = io.StringIO()
    bar = chapters.Bar(seconds, out)
    assert bar.remaining([]) == "a few minutes"
    bar.finish("part/a.ipynb", chapters.Ran(None, None, 15.4, 14.0), [])
    assert out.getvalue() == "  1/3 part/a: 15 s, about 15 s left\n"
    assert bar.remaining(["part/b.ipynb", "part/c.ipynb"]) == "8 s"  # half of what runs is done
    bar.left = 30.0
    assert bar.remaining([]) == "7 min"


def test_chapters_that_take_long_are_known(chapters, root: Path):
    known = chapters.json.loads(chapters.SECONDS.read_text())
    there = {chapters.short(str(path)) for path in (root / "book").glob("*/*.ipynb")}
    assert known.keys() <= there
    new = str(root / "book" / "qubits" / "new.ipynb")
    assert chapters.expected([new]) == {new: 40.0}


def test_of_sphinx_a_reader_sees_the_steps_and_keeps_the_rest(load):
    log, out = io.StringIO(), io.StringIO()
    progress = load("tools/pages.py").Progress(log, out)
    for text in (
        "loading\n\x1b[01mreading sources... \x1b[39;49;00m[ 50%] ",
        "index",
        "\nreading sources... [100%] b\n",
    ):
        progress.write(text)
    progress.write("writing output... [ 10%] index\nwriting output... [100%] b\n")
    assert out.getvalue() == "reading pages\nwriting pages\n"
    assert log.getvalue().startswith("loading\nreading sources... [ 50%] index\n")


def test_an_interrupt_is_waited_for(load, tmp_path: Path, root: Path):
    code = (
        # (whatever started the tests may have them ignore interrupts, and a program inherits that)
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"import sys; sys.path.insert(0, {str(root / 'tools')!r}); import build_book, pathlib\n"
        f"build_book.__file__ = {str(tmp_path / 'build_book.py')!r}\n"
        "try: build_book.call('slow.py')\n"
        "except KeyboardInterrupt: print('told')"
    )
    (tmp_path / "slow.py").write_text(
        "import time\ntry:\n    print('begun', flush=True)\n    time.sleep(300)\n"
        "except KeyboardInterrupt:\n    time.sleep(1)\n    print('tidy', flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout.readline() == "begun\n"
        os.kill(running.pid, signal.SIGINT)
        assert running.stdout.read() == "tidy\ntold\n"

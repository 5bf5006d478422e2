"""A new thing touches the files that CONTRIBUTING lists and no other: a toy of each passes the checks in a copy of the project.

The lists are read from the text. A toy is written into the files of its list alone; the same tools that check the project
then check the copy. Leaving out any one file of a list makes a check fail.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def recipes() -> dict[str, list[str]]:
    """The lists of CONTRIBUTING: title of the recipe -> paths, with their placeholders."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf8")
    section = re.search(r"^## Where a new thing goes\n(.*?)^## ", text, re.M | re.S)[1]
    titles = re.split(r"^### (.+)\n", section, flags=re.M)[1:]
    return {
        title: re.findall(r"^- `([^`]+)`", words, re.M)
        for title, words in zip(titles[::2], titles[1::2], strict=True)
    }


# What each toy puts into each file: the text that was there -> the text with the toy in it.
Writer = Callable[[str], str]


def new(text: str) -> Writer:
    """A file that was not there."""

    def write(before: str) -> str:
        assert not before, "this file is there already"
        return dedent(text).lstrip("\n")

    return write


def end(text: str) -> Writer:
    """More at the end of a file."""
    return lambda before: before + dedent(text)


def insert(after: str, text: str) -> Writer:
    """A line more behind one that is there."""

    def write(before: str) -> str:
        assert before.count(after) == 1, f"{after!r} is not there once"
        return before.replace(after, after + text)

    return write


def both(one: Writer, other: Writer) -> Writer:
    """Two changes to a file."""
    return lambda before: other(one(before))


def cell(name: str, kind: str, source: str, *tags: str, **more: object) -> dict:
    """A cell of a notebook."""
    made = {"cell_type": kind, "id": name, "metadata": {"tags": list(tags)} if tags else {}}
    if kind == "code":
        made |= {"execution_count": None, "outputs": [], **more}
    return made | {"source": dedent(source).strip().splitlines(keepends=True)}


def shown(exercise: str) -> list[dict]:
    """The four cells of an exercise."""
    return [
        cell(f"{exercise}-0", "code", f"exercises.{exercise}"),
        cell(f"{exercise}-1", "code", f"{exercise} = ...", "exercise"),
        cell(f"{exercise}-2", "code", f"exercises.{exercise}.check({exercise})"),
        cell(f"{exercise}-3", "code", f"exercises.{exercise}.reveal()"),
    ]


def before_checks(cells: list[dict]) -> Writer:
    """Cells more in a chapter, at the end of its exercises."""

    def write(before: str) -> str:
        page = json.loads(before)
        place = next(
            i
            for i, there in enumerate(page["cells"])
            if "".join(there["source"]).startswith(("## Recall", "## Checks"))
        )
        page["cells"][place:place] = cells
        return notebook(page["cells"])

    return write


def used(package: str, call: str) -> Writer:
    """A cell more in a chapter, which uses a public name."""
    name = call.partition("(")[0]
    return before_checks([cell("toy-use", "code", f"from {package} import {name}\n\nprint({call})")])


def notebook(cells: list[dict]) -> str:
    """A page with these cells."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    page = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(page, indent=1, ensure_ascii=False) + "\n"


PAGE = [
    cell(
        "toy-00",
        "markdown",
        """
        # Toys: a coin is fair

        ```{admonition} Card
        :class: tip chapter-card

        **You will** toss one.

        **You need** {doc}`/qubits/measurement`.

        **Time** 1 minute

        **The belief this chapter cures** "A toy is no chapter."
        ```
        """,
    ),
    cell(
        "toy-01",
        "code",
        """
        from qlearn.communication import toy
        from qlearn.evidence import counts_agree
        from qlearn.exercises.communication import toy as exercises

        heads = toy.toss(1000, rng=1)
        """,
    ),
    cell(
        "toy-02",
        "markdown",
        """
        ## A coin

        It is fair {cite}`toy2026`.

        ## In Qiskit and in PennyLane

        Both toss coins.

        ## What the literature claims

        (claim-toy-1)=
        ```{admonition} "coins are fair": true
        :class: tip

        R, section 0 {cite}`hussein2026`. This one is.
        ```

        ## Summary

        It was fair.

        ## Exercises
        """,
    ),
    *(made for level in ("toy_one", "toy_two", "toy_three", "toy_four") for made in shown(level)),
    cell(
        "toy-recall",
        "markdown",
        "## Recall\n\n"
        + "\n\n".join(
            f"```{{admonition}} Why is the {which} toss of a coin as fair as the ones before?\n:class: recall dropdown\n"
            f":name: recall-toy-{which}\n\nA coin has two sides, they are alike, and it does not remember.\n```"
            for which in ("first", "second", "third", "fourth")
        ),
    ),
    cell(
        "toy-03",
        "markdown",
        """
        ## Checks

        Counts must lie in their exact binomial bands, which are so wide that a right program leaves one of them in
        fewer than one run of this page in a million.
        """,
    ),
    cell(
        "toy-04",
        "code",
        """
        counted = [(heads / 1000, 1 / 2, 1000)]
        assert counts_agree(*counted, failure=1e-6)
        assert 0 <= heads <= 1000
        print("all checks passed")
        """,
        "keep_output",
        "nbval-check-output",
        execution_count=1,
        outputs=[{"name": "stdout", "output_type": "stream", "text": ["all checks passed\n"]}],
    ),
    cell("toy-05", "markdown", "## Further reading\n\n- {cite}`toy2026`: the coin."),
]


def exercise(name: str, level: str) -> str:
    """The source of an exercise whose answer is a half."""
    return f'''
        """How often a coin shows heads."""

        from qlearn.exercises import exercise


        @exercise(level="{level}", right="it is fair.", because="It has two sides, and they are alike.")
        def {name}():
            """How often is it heads? As a share."""
            return 1 / 2


        @{name}.mistake("that is a coin with two heads.")
        def always():
            return 1.0
    '''


LEVELS = {"toy_one": "warm-up", "toy_two": "core", "toy_three": "stretch", "toy_four": "project"}

TOYS: dict[str, dict[str, Writer]] = {
    "A new chapter": {
        "book/<part>/<chapter>.ipynb": new(notebook(PAGE)),
        "book/references.bib": end(
            """
            @article{toy2026,
              author = {Maker, Toy},
              title = {A coin},
              year = {2026}
            }
            """
        ),
        "book/course_map.md": insert(
            "## II. Quantum communication\n", "\n- {doc}`Toys <communication/toy>`: a coin.\n"
        ),
        "pyproject.toml": insert('  "bb84 | continuous_variables | superdense | teleportation', " | toy"),
        "_toc.yml": insert(
            "      - file: communication/teleportation\n", "      - file: communication/toy\n"
        ),
        "qlearn/<part>/<chapter>/__init__.py": new('''
            """Toys: a coin.

            >>> from qlearn.communication import toy
            >>> toy.toss(0)
            0
            """

            from qlearn import _lazy

            __getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
        '''),
        "qlearn/<part>/<chapter>/__init__.pyi": new("from .coin import toss as toss\n"),
        "qlearn/<part>/<chapter>/<concept>.py": new('''
            """A coin."""

            from typing import Any

            from qlearn._checks import as_count, as_rng


            def toss(n: int, rng: Any = None) -> int:
                r"""Return how many of n tosses are heads.

                Parameters
                ----------
                n : int
                    Tosses.
                rng : optional
                    Anything that :func:`numpy.random.default_rng` takes.

                Returns
                -------
                int

                Examples
                --------
                >>> toss(0)
                0
                """
                return int(as_rng(rng).binomial(as_count(n, "n", least=0), 0.5))
        '''),
        "qlearn/<part>/__init__.pyi": end("from . import toy as toy\n"),
        "tests/<part>/<chapter>/test_<concept>.py": new('''
            """A toy coin is fair."""

            import qlearn
            from qlearn.communication.toy import toss


            def test_toy_coin_is_fair():
                # 1000 tosses, sd 16; 6 sd: false alarm 2e-9
                assert abs(toss(1000, rng=1) - 500) < 95
                assert qlearn.communication.toy.toss is toss
        '''),
        "qlearn/exercises/<part>/__init__.py": insert('    "bb84",\n', '    "toy",\n'),
        "qlearn/exercises/<part>/<chapter>/__init__.py": new(
            '"""Exercises of the chapter *Toys*."""\n\n'
            + "\n".join(f"from qlearn.exercises.communication.toy.{name} import {name}" for name in LEVELS)
            + f"\n\nEXERCISES = ({', '.join(LEVELS)})\n"
        ),
        **{
            f"qlearn/exercises/<part>/<chapter>/<exercise={name}>.py": new(exercise(name, level))
            for name, level in LEVELS.items()
        },
    },
    "A new attack": {
        "qlearn/communication/eavesdropping/<family>.py": new('''
            """A toy attack."""

            from dataclasses import dataclass

            import numpy as np

            from qlearn.communication.bb84 import EavesdropperRecord, InterceptResend, Pulses


            @dataclass(frozen=True)
            class ToyAttack:
                """Eve reads every pulse in Z.

                Examples
                --------
                >>> ToyAttack()
                ToyAttack()
                """

                def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, EavesdropperRecord]:
                    """Measure in Z, and resend."""
                    return InterceptResend(basis="Z").intercept(pulses, rng)
        '''),
        "qlearn/communication/eavesdropping/__init__.pyi": end(
            "from .toy_attacks import ToyAttack as ToyAttack\n"
        ),
        "tests/communication/eavesdropping/test_<family>.py": new('''
            """A toy attack costs nothing in Z."""

            from qlearn.communication import bb84
            from qlearn.communication.eavesdropping import ToyAttack


            def test_toy_attack_is_seen_in_x_alone():
                keys = bb84.sift(bb84.exchange(10_000, eavesdropper=ToyAttack(), rng=1))
                assert keys.qber_by_basis["Z"] == 0
                assert keys.qber_by_basis["X"] > 0.3
        '''),
        "book/communication/eavesdropping.ipynb": used("qlearn.communication.eavesdropping", "ToyAttack()"),
    },
    "A new aggregation strategy": {
        "qlearn/networks/federated/<family>.py": new('''
            """Toy strategies: the model of a single client."""

            from dataclasses import dataclass
            from typing import Any

            from qlearn._types import Arrays
            from qlearn.networks.federated.aggregation import FedAvg, Updates


            @dataclass(frozen=True)
            class ToyStrategy(FedAvg):
                """The model of the first client that answers.

                Examples
                --------
                >>> ToyStrategy().local_epochs
                1
                """

                def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
                    """Return the first model."""
                    return list(updates[0][0]), state
        '''),
        "qlearn/networks/federated/__init__.pyi": end(
            "from .toy_strategies import ToyStrategy as ToyStrategy\n"
        ),
        "tests/networks/federated/test_<family>.py": new('''
            """A toy strategy takes the first client."""

            from qlearn.learning.neural_networks import SoftmaxClassifier
            from qlearn.networks.federated import Client, ToyStrategy, run


            def test_toy_strategy_takes_the_first():
                clients = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
                assert len(run(clients, ToyStrategy(), rounds=1, rng=0).rounds) == 1
        '''),
        "book/networks/federated.ipynb": used("qlearn.networks.federated", "ToyStrategy()"),
    },
    "A new noise channel": {
        "qlearn/qubits/noise/channels.py": end('''

            def toy_flip(p: ArrayLike) -> Channel:
                r"""Return the channel that flips a bit with chance p.

                Parameters
                ----------
                p : array_like of float
                    The chance.

                Returns
                -------
                Channel
                    On one qubit.

                Examples
                --------
                >>> toy_flip(0.1).apply([1, 0]).real
                array([[0.9, 0. ],
                       [0. , 0.1]])
                """
                return bit_flip(p)
        '''),
        "qlearn/qubits/noise/__init__.pyi": end("from .channels import toy_flip as toy_flip\n"),
        "tests/qubits/noise/test_channels.py": end("""

            def test_toy_channel_flips():
                from qlearn.qubits.noise import toy_flip

                assert toy_flip(1.0).apply([1, 0])[1, 1] == pytest.approx(1)
        """),
        "book/qubits/noise.ipynb": used("qlearn.qubits.noise", "toy_flip(0.1)"),
    },
    "A new exercise": {
        "qlearn/exercises/<part>/<chapter>/<exercise>.py": new(exercise("toy_bits", "core")),
        "qlearn/exercises/<part>/<chapter>/__init__.py": both(
            insert(
                "import six_state_threshold\n",
                "from qlearn.exercises.communication.bb84.toy_bits import toy_bits\n",
            ),
            insert("six_state, six_state_threshold", ", toy_bits"),
        ),
        "book/<part>/<chapter>.ipynb": before_checks(shown("toy_bits")),
    },
}

# What the placeholders of a list stand for in its toy.
FILLED = {
    "A new chapter": {"part": "communication", "chapter": "toy", "concept": "coin"},
    "A new attack": {"family": "toy_attacks"},
    "A new aggregation strategy": {"family": "toy_strategies"},
    "A new exercise": {"part": "communication", "chapter": "bb84", "exercise": "toy_bits"},
}
# What misses files of these lists with these ends, where its own tests and those of the repository do not.
ELSEWHERE = [
    (["A new chapter", "A new exercise"], "", "tests/book/test_chapters.py"),
    (["A new chapter"], ".pyi", "tests/test_lazy.py"),
    (
        ["A new attack", "A new aggregation strategy", "A new noise channel"],
        ".ipynb",
        "tests/book/test_uses.py",
    ),
]
# Checks of the whole project that a toy could fail; and those of them that miss a file.
OF_ALL = "test_glossary or test_lazy or public_name_is_used or (test_repository and not python_in_the_text)"
MISSING = "part_serves or public_name_is_used or (test_repository and (module_has_its or is_tested or course_map or cited))"
STEPS = [(title, path) for title, toy in TOYS.items() for path in toy]


def filled(title: str, path: str) -> str:
    """A path of a list with its placeholders filled in; one with several files says which: `<exercise=toy_one>`."""
    return re.sub(r"<(\w+)=?(\w*)>", lambda found: found[2] or FILLED[title][found[1]], path)


# Most of a run of pytest is to import what does not change: pytest itself, and the packages that others have made. One
# process has imported those, none of the project; each run is a fork of it. It is told a line of arguments and the file
# for what is said, and answers with the code of the exit.
RUNS = """
import json, os, sys
import hypothesis.strategies, matplotlib.pyplot, nbformat, nbval.plugin, numpy, playwright.sync_api, pytest
import qiskit, scipy.optimize, sklearn.svm, xdist.plugin
assert not any(name.split(".")[0] in ("qlearn", "tests") for name in sys.modules)
for line in sys.stdin:
    arguments, said = json.loads(line)
    run = os.fork()
    if not run:
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(out, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = pytest.main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(run, 0)[1]), flush=True)
"""


class Copy:
    """The project at another place, with the toys in it."""

    def __init__(self, root: Path, present: list[Path]) -> None:
        self.root = root
        self.env = {**os.environ, "PYTHONPATH": str(root)}
        for path in present:
            if path != Path(__file__).resolve():  # it names the toys, which their own tests have to do
                there = root / path.relative_to(ROOT)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, there)
        self.before = {step: self.text(*step) for step in STEPS}
        for title, path in STEPS:
            self.write(title, path, TOYS[title][path](self.before[title, path]))
        code = [filled(*step) for step in STEPS if step[1].endswith((".py", ".pyi"))]
        assert self.run("ruff", "check", "--fix", "--quiet", *code) == ""
        assert self.run("ruff", "format", "--quiet", *code) == ""
        self.after = {step: self.text(*step) for step in STEPS}
        self.runs = subprocess.Popen(
            [sys.executable, "-c", RUNS],
            cwd=root,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End the process that runs tests."""
        self.runs.stdin.close()
        self.runs.stdout.close()
        assert self.runs.wait() == 0

    def text(self, title: str, path: str) -> str:
        """What stands in a file of a list; nothing if there is none."""
        there = self.root / filled(title, path)
        return there.read_text(encoding="utf8") if there.exists() else ""

    def write(self, title: str, path: str, text: str) -> None:
        """Let a file of a list hold this; nothing: let there be none."""
        there = self.root / filled(title, path)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(text, encoding="utf8")
        if not text:
            there.unlink()

    @contextmanager
    def without(self, title: str, path: str) -> Iterator[None]:
        """Leave out what a toy has in one file, for a while."""
        self.write(title, path, self.before[title, path])
        yield
        self.write(title, path, self.after[title, path])

    def run(self, *arguments: str) -> str:
        """Run a tool in the copy; return what it says if it fails, else nothing."""
        command = arguments if arguments[0].startswith("-") else ["-m", *arguments]
        ran = subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=self.env,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        return "" if ran.returncode == 0 else f"{ran.returncode}: {(ran.stdout + ran.stderr)[-6000:]}"

    def test(self, *arguments: str) -> str:
        """Run tests in the copy; return what pytest says if any fails."""
        said = self.root.with_suffix(".said")
        known = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # hypothesis is imported already
        run = ["-n0", "-q", "-p", "no:cacheprovider", *known, *arguments]
        print(json.dumps([run, str(said)]), file=self.runs.stdin, flush=True)
        code = int(self.runs.stdout.readline())
        return "" if code == 0 else f"{code}: {said.read_text(encoding='utf8')[-6000:]}"


def own_tests(*titles: str) -> list[str]:
    """The test files of toys."""
    return sorted({filled(t, p) for t in titles or TOYS for p in TOYS[t] if p.startswith("tests/")})


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory, present: list[Path]) -> Iterator[Copy]:
    place = tmp_path_factory.mktemp("project")
    copy = Copy(place, present)
    yield copy
    copy.close()
    shutil.rmtree(place)


def test_the_lists_are_those_of_the_toys():
    assert {title: sorted(paths) for title, paths in recipes().items()} == {
        title: sorted({re.sub(r"=\w+>", ">", path) for path in toy}) for title, toy in TOYS.items()
    }


def test_each_toy_passes_the_tests_of_the_project(toys: Copy):
    # Sorted: a package before its modules, else these would be imported twice.
    sources = sorted(filled(t, p) for t, p in STEPS if p.startswith("qlearn/") and p.endswith(".py"))
    said = toys.test(
        *("-k", f"toy or (test_chapters and bb84) or ({OF_ALL})"),
        *own_tests(),
        *sources,
        *(
            f"tests/book/test_{form}.py"
            for form in ("captions", "chapters", "glossary", "recall", "repository", "uses", "verdicts")
        ),
        *("tests/book/test_statistics.py", "tests/exercises/test_exercises.py"),
        *("tests/test_docstrings.py", "tests/test_lazy.py", "book/communication/toy.ipynb"),
    )
    assert not said, said


def test_each_toy_passes_the_linters(toys: Copy, load: Callable[[str], ModuleType]):
    commands = load(str(toys.root / "tools" / "lint.py")).commands()
    commands["mypy"] += [filled(t, p) for t, p in STEPS if p.startswith("qlearn/") and "__init__" not in p]
    failed = {name: said for name, arguments in commands.items() if (said := toys.run(*arguments))}
    assert not failed, "\n".join(failed.values())


def missed(toys: Copy, *titles: str, path: str = "") -> str:
    """Return what the checks say that could miss this file of a toy, or any of these toys."""
    if path == "pyproject.toml":
        return toys.run(
            "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"
        )
    return toys.test(
        *("-x", "-k", f"(not test_repository and toy) or (test_chapters and shows and bb84) or ({MISSING})"),
        *(test for test in own_tests(*titles) if (toys.root / test).exists()),
        "tests/book/test_repository.py",
        *(test for of, kind, test in ELSEWHERE if {*of} & {*titles} and (not path or path.endswith(kind))),
    )


def test_nothing_is_missed_where_nothing_is_left_out(toys: Copy):
    said = missed(toys, *TOYS) or missed(toys, "A new chapter", path="pyproject.toml")
    assert not said, said


@pytest.mark.parametrize(("title", "path"), STEPS)
def test_a_file_that_is_left_out_is_missed(toys: Copy, title: str, path: str):
    with toys.without(title, path):
        said = missed(toys, title, path=path)
    assert re.match(r"[12]: ", said), said or "no check misses it"

"""Make the edition without solutions: `.venv/bin/python tools/edition.py book [--serve]`, or `... wheel DIR`.

It is a copy of the project, in `_build/without_solutions`, in which no notebook reveals a solution and no file of an
exercise can be read: prompts, stubs and sentences are there, answers are checked as ever, and `reveal()` says that there
is nothing to show. The book is built, and the wheel made, of that copy.
"""

import argparse
import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from qlearn.exercises import Exercise
from qlearn.exercises._sealed import seal

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / "_build" / "without_solutions"
FILES = (
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
    "constraints.txt",
    "README.md",
    "LICENSE",
    "LICENSE-TEXT",
    "CITATION.cff",
)
FOLDERS = ("binder", "book", "qlearn", "tools")
MADE = shutil.ignore_patterns("__pycache__", "generated", ".ipynb_checkpoints", "*.egg-info")
REVEALS = re.compile(r"^\s*[\w.]+\.reveal\(\)\s*$")


def without_solutions(notebook: str) -> str:
    """Return a chapter without the cells that reveal.

    Examples
    --------
    >>> cells = [{"source": ["exercises.sift"]}, {"source": ["exercises.sift.reveal()"]}]
    >>> json.loads(without_solutions(json.dumps({"cells": cells})))["cells"]
    [{'source': ['exercises.sift']}]
    """
    content = json.loads(notebook)
    content["cells"] = [cell for cell in content["cells"] if not REVEALS.match("".join(cell["source"]))]
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def sealed(path: Path) -> str:
    """Return what stands in the place of a module of exercises: the same, packed, without reasons."""
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}.{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where an exercise looks for its source
    spec.loader.exec_module(module)
    exercises = {
        name: x for name, x in vars(module).items() if isinstance(x, Exercise) and x.module == spec.name
    }

    tree = ast.parse(path.read_text(encoding="utf-8"))
    says = ast.get_docstring(tree) or path.stem
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        if node.name in exercises:
            for call in node.decorator_list:
                if isinstance(call, ast.Call):
                    stub = ast.Constant(exercises[node.name].stub)
                    kept = [word for word in call.keywords if word.arg not in ("because", "stub")]
                    call.keywords = [
                        *kept,
                        ast.keyword("because", ast.Constant("")),
                        ast.keyword("stub", stub),
                    ]
        elif ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    lines = [f"{name}.seal(imports={one.imports!r})" for name, one in exercises.items()]
    packed = seal("\n".join([ast.unparse(ast.fix_missing_locations(tree)), *lines]))
    names = f"\n__all__ = {sorted(exercises)}\n" if exercises else ""
    return (
        f'"""{says}"""\n\n# Sealed: this edition holds no solutions.\nfrom qlearn.exercises._sealed import unseal\n'
        f"{names}\nunseal(globals(), {packed!r})\n"
    )


def make(copy: Path = COPY, root: Path = ROOT) -> Path:
    """Make, or make again, the copy of a project; what was built of it stays.

    Parameters
    ----------
    copy : path
        Where it goes.
    root : path
        The project.

    Returns
    -------
    path
        The copy.
    """
    copy.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if (root / name).exists():
            shutil.copy(root / name, copy / name)
    project = (copy / "pyproject.toml").read_text(encoding="utf-8")
    project = re.sub(r'(?m)^version = "([^"]+)"$', r'version = "\1+without.solutions"', project, count=1)
    (copy / "pyproject.toml").write_text(project, encoding="utf-8")
    shutil.rmtree(copy / "build", ignore_errors=True)  # of an earlier wheel
    for name in FOLDERS:
        shutil.rmtree(copy / name, ignore_errors=True)
        shutil.copytree(root / name, copy / name, ignore=MADE)
    for path in (copy / "book").rglob("*.ipynb"):
        path.write_text(without_solutions(path.read_text(encoding="utf-8")), encoding="utf-8")
    for path in sorted((copy / "qlearn" / "exercises").glob("*/*/*.py")):
        if path.name != "__init__.py":
            path.write_text(sealed(path), encoding="utf-8")
    return copy


def main() -> int:
    """Make the copy, and of it what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True, dest="what")
    book = commands.add_parser("book", help="build the book")
    book.add_argument("--serve", action="store_true", help="serve it after a good build, until Ctrl-C")
    wheel = commands.add_parser("wheel", help="make a wheel of the library")
    wheel.add_argument("folder", type=Path, metavar="DIR", help="where it goes")
    options = parser.parse_args()
    copy = make()
    if options.what == "wheel":
        command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", str(options.folder), str(copy)]
        return subprocess.call([*command, "--disable-pip-version-check"])
    command = [sys.executable, str(copy / "tools" / "build_book.py"), *(["--serve"] if options.serve else [])]
    return subprocess.call(command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)})


if __name__ == "__main__":
    sys.exit(main())

"""The Python that checks an answer in the page: what a chapter's exercises need of it, and where the pages find it.

`tools/pyodide.py` has fetched Pyodide; here the library becomes a wheel beside it, under `_static/pyodide` of the built
book, and each page is told what its exercises take and how much that is to load. Nothing of it is loaded before a reader
asks. Without the files the pages have no button, and the build says so.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from html import escape
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tools"))

import pyodide  # noqa: E402

LEFT_OUT = "qlearn/communication/secret_key/reconciliation/ldpc/data/"  # tables that no exercise reads
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]["version"]
_logger = logging.getLogger(__name__)

# As bare as the page's Python: what is not there cannot be imported. Says which of the packages each exercise of some
# chapters asks for: to be imported, to know its answer, and to name a mistake.
MEASURE = """
import builtins, importlib.util, json, sys
there, elsewhere = (set(json.loads(names)) for names in sys.argv[1:])

def heard(name, names=None, *others, **more):
    if names and str(names.get("__name__")).partition(".")[0] == "qlearn" and not more.get("level"):
        if (top := name.partition(".")[0]) in elsewhere:
            raise ModuleNotFoundError(f"No module named {name!r} in a page", name=name)
        asked.add(top)
    return plain(name, names, *others, **more)

def found_there(name, *others, find=importlib.util.find_spec):
    return None if name.partition(".")[0] in elsewhere else find(name, *others)

asked, plain = set(), builtins.__import__
builtins.__import__, importlib.util.find_spec = heard, found_there
found = {}
for chapter, name in json.loads(sys.stdin.read()):
    told = found.setdefault(chapter, {})
    for module in [module for module in sys.modules if module.partition(".")[0] == "qlearn"]:
        del sys.modules[module]  # so that it asks again
    asked.clear()
    try:
        from qlearn.exercises._page import alone, judge_here
        exercise = alone(chapter, name)
        judge_here(exercise.stub, chapter, name)
        verdict = exercise.check(exercise.answer)
        for mistake in list(exercise.mistakes.values())[:1]:
            exercise.check(mistake.answer)
        told[name] = {"packages": sorted(asked & there), "given": exercise.imports}
        if not verdict:
            told[name] = str(verdict)
    except Exception as error:
        told[name] = f"{type(error).__name__}: {error}"
print(json.dumps(found))
"""


class Runtime(NamedTuple):
    """The files of one build, by name, and the lock that describes them."""

    lock: dict[str, Any]
    lock_name: str
    wheel: bytes
    wheel_name: str

    def whole(self, packages: Iterable[str]) -> list[str]:
        """Return the packages with all that they stand on."""
        wanted, todo = set(), list(packages)
        while todo:
            if (name := todo.pop()) not in wanted:
                wanted.add(name)
                todo += self.lock["packages"][name]["depends"]
        return sorted(wanted)

    def size(self, package: str) -> int:
        """Return how many bytes a package has; "" is Python itself."""
        if package == "qlearn":
            return len(self.wheel)
        core = list(pyodide.LOCK["core"])
        files = core if not package else [self.lock["packages"][package]["file_name"]]
        return sum((pyodide.FILES / name).stat().st_size for name in files)


def wheel() -> bytes:
    """Return the library as a wheel, the same bytes for the same sources; setuptools would take seconds."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, content: bytes | str) -> None:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)

        for path in sorted((ROOT / "qlearn").rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and path.parent.name != "__pycache__" and not name.startswith(LEFT_OUT):
                add(name, path.read_bytes())
        info = f"qlearn-{VERSION}.dist-info"
        add(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: qlearn\nVersion: {VERSION}\n")
        add(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        add(f"{info}/RECORD", "")
    return kept.getvalue()


def runtime() -> Runtime | None:
    """Return what the pages of this build can load; None where Pyodide is not there."""
    if pyodide.lacking():
        return None
    library = wheel()
    digest = hashlib.sha256(library).hexdigest()
    # Named by what is in them: a browser that keeps an old one never mixes it with the new ones.
    ours = {
        "name": "qlearn",
        "version": VERSION,
        "file_name": f"qlearn-{VERSION}-0{digest[:12]}-py3-none-any.whl",
        "sha256": digest,
        "package_type": "package",
        "install_dir": "site",
        "depends": ["numpy", "lazy-loader"],
        "imports": ["qlearn"],
    }
    lock = {"info": pyodide.LOCK["info"], "packages": {**pyodide.packages(), "qlearn": ours}}
    name = hashlib.sha256(json.dumps(lock).encode()).hexdigest()[:12]
    return Runtime(lock, f"pyodide-lock.{name}.json", library, ours["file_name"])


def needs(chapters: dict[str, list[str]], built: Runtime, kept: Path) -> dict[str, dict[str, Any]]:
    """Return for each chapter what its exercises are given, and which packages each takes: measured once for a library.

    An exercise that takes something else is left out: what it asks for is not there in a page.
    """
    key = hashlib.sha256(json.dumps([MEASURE, built.lock, chapters]).encode()).hexdigest()
    if kept.exists():
        stored = json.loads(kept.read_text(encoding="utf8"))
        if stored["key"] == key:
            found: dict[str, dict[str, Any]] = stored["needs"]
            return found

    there = {top: name for name, package in built.lock["packages"].items() for top in package["imports"]}
    elsewhere = metadata.packages_distributions().keys() - there.keys()
    arguments = [json.dumps(sorted(there)), json.dumps(sorted(elsewhere))]

    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(built.wheel)).extractall(folder)

        def told_by(group: list[str]) -> dict[str, dict[str, Any]]:
            # To import SciPy takes longer than all exercises of a chapter: a process does many chapters.
            ran = subprocess.run(
                [sys.executable, "-c", MEASURE, *arguments],
                cwd=folder,
                # Modules are imported again for each exercise, and the folder goes away: it may hold their compiled forms.
                env={**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": ""},
                input=json.dumps([(chapter, name) for chapter in group for name in chapters[chapter]]),
                capture_output=True,
                text=True,
            )
            if ran.returncode == 0:
                told: dict[str, dict[str, Any]] = json.loads(ran.stdout)
                return told
            if len(group) == 1:
                return {group[0]: {group[0]: ran.stderr[-300:]}}
            return {name: what for chapter in group for name, what in told_by([chapter]).items()}

        def measured(chapter: str, told: dict[str, Any]) -> dict[str, Any]:
            for name, why in told.items():
                if isinstance(why, str):
                    _logger.info("no answer to %s.%s can be checked in its page: %s", chapter, name, why)
            run = {name: what for name, what in told.items() if not isinstance(what, str)}
            takes = {
                name: built.whole({"qlearn", *(there[top] for top in what["packages"])})
                for name, what in run.items()
            }
            return {
                "exercises": takes,
                "given": list(dict.fromkeys(line for what in run.values() for line in what["given"])),
                "sizes": {name: built.size(name) for name in ["", *sorted({*chain(*takes.values())})]},
            }

        cores = os.cpu_count() or 1
        groups = [group for start in range(cores) if (group := [*chapters][start::cores])]
        with ThreadPoolExecutor(cores) as pool:
            told = {name: what for group in pool.map(told_by, groups) for name, what in group.items()}
    found = {chapter: measured(chapter, told.get(chapter, {})) for chapter in chapters}
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"key": key, "needs": found}), encoding="utf8")
    return found


def prepare(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Find out what the pages need; return those to write anew because that has changed."""
    app.exercise_python, app.exercise_needs = None, {}
    if app.builder.format == "html":
        app.exercise_python = runtime()
        if app.exercise_python is None:
            _logger.info("Answers cannot be checked in the pages: tools/pyodide.py has not fetched Pyodide.")
        else:
            boxes = env.exercise_boxes.items()
            chapters = {docname.replace("/", "."): [box.name for box in found] for docname, found in boxes}
            app.exercise_needs = needs(
                chapters, app.exercise_python, Path(app.outdir).parent / "exercise-needs.json"
            )
    told = (app.exercise_python and app.exercise_python.lock_name, app.exercise_needs)
    before, env.exercise_told = getattr(env, "exercise_told", None), told
    return sorted({*env.exercise_boxes, *env.exercise_lists}) if told != before else []


def tell_the_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Give a page with exercises the script that makes them live, and what that has to know."""
    built: Runtime | None = app.exercise_python
    chapter = pagename.replace("/", ".")
    told = {"chapter": chapter, **app.exercise_needs.get(chapter, {})}
    if built is None or not (told.get("exercises") or pagename in app.env.exercise_lists):
        return
    told["lock"] = built.lock_name
    scripts = [ROOT / "book" / "_static" / f"exercise_{what}.mjs" for what in ("box", "worker")]
    told["version"] = hashlib.sha256(b"".join(path.read_bytes() for path in scripts)).hexdigest()[:8]
    source = context["pathto"]("_static/exercise_box.mjs", resource=True)
    context["body"] += (
        f'\n<script type="module" src="{source}?v={told["version"]}" id="exercise-setup" '
        f'data-setup="{escape(json.dumps(told))}"></script>\n'
    )


def lay_out(app: Sphinx, exception: Exception | None) -> None:
    """Put the files where the pages look for them, and take away those of an older build."""
    folder = Path(app.outdir) / "_static" / "pyodide"
    built: Runtime | None = getattr(app, "exercise_python", None)
    if built is None:
        shutil.rmtree(folder, ignore_errors=True)
    if exception or built is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in pyodide.files():
        own, there = pyodide.FILES / name, folder / name
        if not there.exists() or there.stat().st_size != own.stat().st_size:
            shutil.copyfile(own, there)
    (folder / built.wheel_name).write_bytes(built.wheel)
    (folder / built.lock_name).write_text(json.dumps(built.lock), encoding="utf8")
    for path in folder.iterdir():
        if path.name not in {*pyodide.files(), built.wheel_name, built.lock_name}:
            path.unlink()


def setup(app: Sphinx) -> None:
    """Connect."""
    app.connect("env-updated", prepare)
    app.connect("html-page-context", tell_the_page, priority=600)
    app.connect("build-finished", lay_out)

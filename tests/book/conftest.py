"""The built book, its server and a browser: made once, shared by the tests of this folder."""

import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
import threading
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]


def load_script(path: str) -> ModuleType:
    """Import a script of tools/, which is no package."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def toc_pages() -> list[str]:
    """The pages that `_toc.yml` names, in reading order."""

    def walk(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("file", "root"):
                    yield value
                else:
                    yield from walk(value)
        elif isinstance(node, list):
            for item in node:
                yield from walk(item)

    return list(walk(yaml.safe_load((ROOT / "_toc.yml").read_text())))


def api_pages() -> list[str]:
    """The generated pages: one for each public module."""
    written = load_script("tools/sphinx/api_pages.py").rooms()
    return [f"appendix/api/generated/{room.__name__}" for rooms in written.values() for room in rooms]


def chapters() -> list[str]:
    """The chapters that are written, as part/stem."""
    return [
        str(path.relative_to(ROOT / "book").with_suffix(""))
        for path in sorted((ROOT / "book").glob("*/*.ipynb"))
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `page_name` on every page, one that asks for `chapter` on every chapter."""
    if "page_name" in metafunc.fixturenames:
        metafunc.parametrize("page_name", toc_pages() + api_pages() + ["genindex", "search"])
    if "chapter" in metafunc.fixturenames:
        metafunc.parametrize("chapter", chapters())


def files(*kinds: str) -> list[Path]:
    """The files that git lists; a source archive has no git, and all files but those that were made here."""
    command = ["git", "ls-files", *kinds]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
    made = re.compile(r"\.(venv|git|\w+_cache|hypothesis)|_?build|dist|generated|__pycache__|.*\.egg-info")
    found = [ROOT / name for name in listed] or [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not any(map(made.fullmatch, path.relative_to(ROOT).parts))
    ]
    return [path for path in found if path.exists()]


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """The files of the project."""
    return files()


@pytest.fixture(scope="session")
def present() -> list[Path]:
    """The files of the project, with those that are new and not yet added."""
    return files("--cached", "--others", "--exclude-standard")


@pytest.fixture(scope="session")
def settings() -> dict:
    """What `_config.yml` says."""
    return yaml.safe_load((ROOT / "_config.yml").read_text())


@pytest.fixture(scope="session")
def load() -> Callable[[str], ModuleType]:
    """Import a script of tools/ by its path."""
    return load_script


@pytest.fixture(scope="session")
def reading_order() -> list[str]:
    """The pages of `_toc.yml`, first to last."""
    return toc_pages()


@pytest.fixture(scope="session")
def api_writer() -> ModuleType:
    """The writer of the API pages, which the build uses."""
    return load_script("tools/sphinx/api_pages.py")


@pytest.fixture(scope="session")
def claims() -> ModuleType:
    """The collector of claims, which the build uses."""
    return load_script("tools/sphinx/claims.py")


def demanded(extras: set[str]) -> list[Distribution]:
    """What stands in this environment of all that pyproject.toml demands, and of all that is demanded for that."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    optional = project["optional-dependencies"]
    wanted = [Requirement(words) for words in project["dependencies"]]
    wanted += [Requirement(words) for extra in extras for words in optional[extra]]
    found: dict[tuple[str, str], Distribution] = {}
    while wanted:
        requirement = wanted.pop()
        for extra in {"", *requirement.extras}:
            key = canonicalize_name(requirement.name), extra
            if key in found:
                continue
            try:
                found[key] = distribution(requirement.name)
            except ModuleNotFoundError:  # pip will bring it
                continue
            deeper = [Requirement(words) for words in found[key].requires or []]
            wanted += [more for more in deeper if not more.marker or more.marker.evaluate({"extra": extra})]
    return list({found[key].name: found[key] for key in found}.values())


@pytest.fixture
def installed(tmp_path: Path) -> Callable[..., Path]:
    """Let pip install something into an environment of its own, and return that environment's Python.

    To fetch and unpack four hundred megabytes takes minutes. What pyproject.toml demands, with these extras, and nothing
    else of what stands here is therefore there already, as links to the files of this environment: pip finds it, sees
    to it that its versions are those of the lock, and fetches what lacks.
    """

    def install(*arguments: str, extras: set[str] = frozenset()) -> Path:
        place = tmp_path / "environment"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
        python = place / "bin" / "python"
        there = Path(sysconfig.get_path("purelib", vars={"base": str(place)}))
        for package in demanded(extras):
            for file in package.files or []:
                if ".." not in file.parts:  # (a program would start the Python of this environment)
                    (there / file).parent.mkdir(parents=True, exist_ok=True)
                    (there / file).symlink_to(package.locate_file(file))
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile"]
        ran = subprocess.run(
            [*pip, "--disable-pip-version-check", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert ran.returncode == 0, (ran.stdout + ran.stderr)[-3000:]
        return python

    return install


@pytest.fixture(scope="session")
def html() -> Path:
    """Build the book as `make book SERVE=0` does, once for all workers, and return its folder."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    with load_script("tools/build_book.py").locked("book") as lock:
        lock.seek(0)
        if not run or lock.read() != run:  # no other worker of this run has built it
            build()
            lock.truncate(0)
            lock.write(run)
    return ROOT / "_build" / "html"


def build() -> None:
    """Run `tools/build_book.py`; fail with what it says last."""
    ran = subprocess.run(
        [sys.executable, "tools/build_book.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert ran.returncode == 0, f"the book does not build:\n{(ran.stdout + ran.stderr)[-8000:]}"


@pytest.fixture(scope="session")
def site(html: Path) -> Iterator[str]:
    """Serve the book as `make book` does, and return its address."""
    with load_script("tools/build_book.py").server(8100) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, or the one Playwright has installed."""
    with sync_playwright() as playwright:
        found = load_script("tools/environment.py").browser()
        if not found and not Path(playwright.chromium.executable_path).exists():
            pytest.fail("no Chromium: `make ready` brings one")
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        chromium = playwright.chromium.launch(executable_path=found, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def desk(browser: Browser) -> Iterator[BrowserContext]:
    """One window for all pages: to open another takes as long as to visit a page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(desk: BrowserContext) -> Iterator[Page]:
    """A page of that window, which leaves nothing behind."""
    page = desk.new_page()
    yield page
    page.evaluate("localStorage.clear()")  # what one reader has chosen is nothing to the next
    page.close()

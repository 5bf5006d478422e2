"""Packages serve what their stubs list, and nothing else: names load on first use, and no module is hidden by one."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import qlearn

ROOT = Path(qlearn.__path__[0])
PACKAGES = ["qlearn"] + [
    found.name
    for found in pkgutil.walk_packages(qlearn.__path__, "qlearn.")
    if found.ispkg and (ROOT.parent / Path(*found.name.split("."), "__init__.pyi")).exists()
]


@pytest.fixture(params=PACKAGES)
def package(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(request.param)


def test_what_a_package_shows_is_what_it_serves(package):
    assert dir(package) == sorted(package.__all__)
    for name in package.__all__:
        assert not name.startswith("_")
        assert getattr(package, name) is not None


def test_a_part_serves_its_packages():
    for part in qlearn.__all__:
        below = {stub.parent.name for stub in Path("qlearn", part).glob("*/__init__.pyi")}
        assert below <= set(getattr(qlearn, part).__all__), f"qlearn/{part}/__init__.pyi lacks a package"


def test_no_module_is_hidden_by_a_name(package):
    for found in pkgutil.iter_modules(package.__path__):
        if found.name in package.__all__:
            assert getattr(package, found.name).__name__ == f"{package.__name__}.{found.name}"


def test_an_unknown_name_is_answered_with_what_there_is(package):
    with pytest.raises(
        AttributeError, match=rf"no attribute 'nothing'; it offers {package.__all__[0]}(, |$)"
    ):
        _ = package.nothing


def test_importing_the_library_loads_no_part_of_it():
    line = "import sys, qlearn; print(*sorted(m for m in sys.modules if m.startswith('qlearn.')))"
    loaded = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == ["qlearn._lazy"]


def test_a_package_without_a_stub_serves_nothing():
    """Exercises aside: their sets are modules, which the course names in full."""
    for init in ROOT.rglob("__init__.py"):
        if "exercises" not in init.parts and not init.with_suffix(".pyi").exists():
            assert len(ast.parse(init.read_text(encoding="utf8")).body) == 1, (
                f"{init} holds more than its docstring"
            )

"""Every public function is documented in full: parameters, what it returns, an example."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from numpydoc.validate import validate

import qlearn

# numpydoc's names for: parameters missing, unknown, out of order; no returns; no example
NEEDED = {"PR01", "PR02", "PR03", "RT01", "EX01"}


def exported() -> Iterator[str]:
    """The functions that a package of qlearn lists in its __all__, by the file that defines them."""
    for found in pkgutil.walk_packages(qlearn.__path__, "qlearn."):
        if found.ispkg and not found.name.startswith("qlearn.exercises"):
            package = importlib.import_module(found.name)
            for name in getattr(package, "__all__", []):
                value = getattr(package, name)
                if inspect.isfunction(value):
                    yield f"{value.__module__}.{value.__name__}"


@pytest.mark.parametrize("name", sorted(set(exported())))
def test_function_is_documented_in_full(name: str):
    found = validate(name)
    needed = NEEDED - {"RT01"} if "Yields\n" in found["docstring"] else NEEDED
    assert {code: said for code, said in found["errors"] if code in needed} == {}

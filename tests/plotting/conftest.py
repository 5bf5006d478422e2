"""What every picture of a display is asked: whether a phone can show it."""

import importlib.util
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib.pyplot as plt
import pytest

from qlearn.plotting import style

TOOL = Path(__file__).resolve().parents[2] / "tools" / "figures.py"


@pytest.fixture(scope="session")
def figures() -> ModuleType:
    spec = importlib.util.spec_from_file_location("figures_of_displays", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def faults(figures: ModuleType) -> Iterator[Callable[[Any], list[str]]]:
    """What a phone of 390 pixels cannot show of a display, as the run of the chapters would find it."""

    def look(display: Any) -> list[str]:
        display.figure_.savefig(io.BytesIO(), format="png", bbox_inches="tight")
        return figures.probe(display.figure_)

    plt.close("all")  # what other tests of this worker have left: Matplotlib warns of many
    with plt.rc_context():
        style()
        yield look
        plt.close("all")

"""The part opens its drawers one at a time: scikit-learn and the SDKs are imported by what needs them."""

import subprocess
import sys

import qlearn.learning


def imported_after(code):
    line = f"import sys; {code}; print(*sorted(m for m in sys.modules if m in ('sklearn', 'qiskit', 'pennylane')))"
    return subprocess.run(
        [sys.executable, "-c", line], capture_output=True, text=True, check=True
    ).stdout.split()


def test_the_part_and_its_kernel_import_no_sdk_and_no_scikit_learn():
    assert imported_after("import qlearn.learning") == []
    assert imported_after("from qlearn.learning import FidelityKernel; FidelityKernel().gram([[0.1]])") == []
    assert imported_after("from qlearn.learning import QSVC") == ["sklearn"]


def test_every_chapter_is_a_room_of_its_own():
    for room in ("barren_plateaus", "encodings", "optimisation", "components"):
        assert room in dir(qlearn.learning)
    assert qlearn.learning.components.qpca.__name__ == "qpca"
    assert imported_after("import qlearn.learning as l; l.encodings") == []

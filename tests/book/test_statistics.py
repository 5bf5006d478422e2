"""The checks of a page: one chance of a false alarm for all that it counts, stated and true.

A new chapter of these parts goes into one of the three lists.
"""

import json
import re
from math import isclose
from pathlib import Path

import pytest

COUNTED = [
    "qubits/superposition",
    "qubits/measurement",
    "qubits/entanglement",
    "qubits/no_cloning",
    "qubits/noise",
    "communication/bb84",
    "communication/teleportation",
    "communication/eavesdropping",
    "communication/entangled_keys",
    "communication/satellite",
    "communication/photons",
]
MEASURED = ["communication/continuous_variables"]  # means and variances of amplitudes: nothing is counted
NOT_YET = [
    "communication/secret_key",  # five standard errors each
    "communication/fibre",  # six standard errors and a chance that is stated, but a normal law for rare counts
]

TOLD = {  # what counts_agree may be given, all calls of a page together, and the words for it
    1e-6: r"fewer than one run of this page in a million",
    5e-7: r"one false alarm in two million runs for all of them together",
}
BY_HAND = re.compile(r"def fits?\(|\bbinom\b|assert [^\n]*binomial_error")
# < 5 * bar, - 5 * np.sqrt(...): how many standard errors an assert allows
SIGMAS = re.compile(r"[<>+-] (\d+(?:\.\d+)?) \* (?:\w*(?:bar|error|noise|sigma|spread)\b|np\.sqrt\()")


def checks(root: Path, chapter: str) -> tuple[str, str, str]:
    """The words before the checks, their code, and all code of the page."""
    cells = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    start = next(i for i, source in enumerate(sources) if re.search(r"^## Checks$", source, re.MULTILINE))
    codes = [i for i, cell in enumerate(cells) if cell["cell_type"] == "code"]
    asserted = "\n".join(sources[i] for i in codes if i > start)
    assert re.search(r"print\(\"all checks", asserted)
    return sources[start], asserted, "\n".join(sources[i] for i in codes)


@pytest.mark.parametrize("page", COUNTED)
def test_a_page_has_one_false_alarm_chance_for_all_that_it_counts(root, page):
    stated, asserted, code = checks(root, page)
    calls = re.findall(r"assert counts_agree\(\*\w+, failure=([\d.e-]+)\)", asserted)
    assert len(calls) == asserted.count("counts_agree") >= 1
    assert not BY_HAND.search(asserted)
    assert not re.search(r"import[^\n]*\bbinom\b", code)
    told = [words for chance, words in TOLD.items() if isclose(chance, sum(map(float, calls)))]
    assert len(told) == 1
    assert re.search(told[0], stated)
    assert "exact binomial bands" in stated
    sigmas = set(SIGMAS.findall(asserted))
    if sigmas:  # what is no count is allowed six standard errors, and has half of the million
        assert sigmas == {"6"}, "five standard errors are 6e-7 for one point, and a page has many"
        assert told[0] == TOLD[5e-7]
        assert re.search(r"\bsix\b.* standard errors", stated)
        assert "less than once in a million runs" in stated


@pytest.mark.parametrize("page", MEASURED)
def test_a_page_that_counts_nothing_states_its_false_alarm_chance(root, page):
    stated, asserted, code = checks(root, page)
    assert "counts_agree" not in code, "this page counts: it belongs to COUNTED"
    assert not BY_HAND.search(asserted)
    assert set(SIGMAS.findall(asserted)) == {"6"}
    assert re.search(r"\bsix\b.* standard errors", stated)
    assert "less than once in a million runs" in stated


@pytest.mark.parametrize("page", COUNTED + MEASURED)
def test_no_page_takes_five_standard_errors_for_one_in_a_million(root, page):
    stated, _, _ = checks(root, page)
    assert not re.search(r"\b(?:three|four|five)\b[^.]* standard errors", stated)


def test_every_chapter_of_the_first_two_parts_is_in_one_list(reading_order):
    chapters = [page for page in reading_order if page.startswith(("qubits/", "communication/"))]
    assert sorted(COUNTED + MEASURED + NOT_YET) == sorted(chapters)

"""What the first six chapters claim and count: false alarms stated and true, and no inequality taken for all of them."""

import json
import re
from pathlib import Path

import pytest

FIRST_PART = [
    "qubits/superposition",
    "qubits/measurement",
    "qubits/entanglement",
    "qubits/no_cloning",
    "qubits/noise",
    "communication/teleportation",
]


def cells(root: Path, chapter: str, kind: str) -> list[str]:
    notebook = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("page", FIRST_PART)
def test_a_page_has_one_false_alarm_chance_for_all_that_it_counts(root, page):
    checks = next(source for source in cells(root, page, "code") if re.search(r"print\(\"all checks", source))
    calls = re.findall(r"assert counts_agree\(\*\w+, failure=([\d.e-]+)\)", checks)
    assert len(calls) == checks.count("counts_agree") == 1
    sigmas = {int(times) for times in re.findall(r"\b(\d) \* \w*(?:error|bar|noise|spread)", checks)}
    assert sigmas <= {6}, "five standard errors are 6e-7 for one point, and a page has many"
    # what is no count has six standard errors, and half of the million
    assert float(calls[0]) <= (5e-7 if sigmas else 1e-6)
    stated = next(text for text in cells(root, page, "markdown") if "## Checks" in text)
    assert "exact binomial bands" in stated
    assert "million" in stated


def test_one_over_root_two_is_the_border_of_one_inequality(root):
    for page in FIRST_PART:
        for text in cells(root, page, "markdown"):
            assert not re.search(
                r"beats all lists from|no better than a list|Bell inequality is violated only", text
            )
    told = [text for text in cells(root, "qubits/entanglement", "markdown") if "vertesi2008" in text]
    # cited, not computed: Vertesi, arXiv:0806.0096, abstract; local models: Hirsch et al., arXiv:1609.06114
    assert any("$V > 0.7056$" in text and "$V = 0.6829$" in text and "hirsch2017" in text for text in told)


def test_what_a_theorem_needs_stands_where_it_is_used(root):
    noise = "\n".join(cells(root, "qubits/noise", "markdown"))
    assert "*if they were not correlated with the qubit before*" in noise
    assert not re.search(r"not\s+entangled with the qubit before", noise)
    entanglement = "\n".join(cells(root, "qubits/entanglement", "markdown"))
    assert "**every round counted**" in entanglement
    assert "a chance of at most 0.039 that lists did it" not in entanglement

"""The closing table: words and numbers of one object, and safe to show."""

import re

import numpy as np
import pytest

from qlearn.evidence import Difference, average, detectable_difference, paired, verdicts

SURE = Difference(0.1, 0.01, 0.08, 0.12, 0.02, 10)


def test_questions_share_the_level():
    alone, of_three = verdicts(("a", "b", SURE)), verdicts(("a", "b", SURE), questions=3)
    assert alone.rows[0][-1] == "ahead"
    assert of_three.rows[0][-1] == "not told apart"
    assert of_three.rows[0][3] == f"{detectable_difference(SURE, level=0.05 / 3):.3f}"
    assert verdicts(*[("a", "b", SURE)] * 3).rows[0] == of_three.rows[0]


def test_is_a_table_for_notebooks_and_for_terminals():
    table = verdicts(("5 < 6", "ten seeds", SURE))
    assert "5 &lt; 6" in table._repr_html_()
    assert table._repr_html_().count("<td>") == 4
    assert " ± " not in table._repr_html_()  # a phone would end the line there
    assert repr(table).splitlines()[1].split("  ")[0] == "5 < 6"
    behind = verdicts(("20-fold", "a - b", Difference(-0.1, 0.01, -0.12, -0.08, 0.02, 10)))._repr_html_()
    assert "<td>−0.1" in behind
    assert "20-fold" in behind
    assert "a - b" in behind


@pytest.mark.parametrize("size", [1.0, 1e-2, 1e-3, 1e-4, 1e-6])
def test_no_error_is_written_as_nothing(size):
    rng = np.random.default_rng(1)
    gap = paired(rng.normal(size, size / 2, 20), np.zeros(20))
    cells = verdicts(("a", "20 seeds", gap)).rows[0]
    assert cells[-1] == "ahead"
    numbers = [float(number) for number in re.findall(r"[\d.]+", " ".join(cells[2:4]))]
    last = 10.0 ** -max(len(number.partition(".")[2]) for number in re.findall(r"[\d.]+", cells[2]))
    assert numbers == pytest.approx(
        [gap.mean, gap.error, detectable_difference(gap)], rel=1e-9, abs=0.51 * last
    )
    assert all(numbers)
    assert f"{average(rng.normal(size, size / 2, 20))}".split(" ± ")[1].strip("0.")


def test_refuses_nothing():
    with pytest.raises(ValueError, match="at least one"):
        verdicts()

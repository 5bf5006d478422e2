"""Sample sizes: near the best of all, sensible at the edges."""

import itertools

import pytest

from qlearn.communication.entropy import binary_entropy
from qlearn.communication.postprocessing import deviation, sample_sizes


def key_left(bits, sizes, error, security=1e-10):
    """The bits a session leaves for these sample sizes, basis by basis, from the definition."""
    total = 0.0
    for basis, other in ("ZX", "XZ"):
        kept, sample = bits[basis] - sizes[basis], sizes[other]
        if kept and sample:
            worst = min(0.5, error + float(deviation(kept, sample, (security / 4) ** 2 / 2)))
            total += kept * float(1 - binary_entropy(worst) - 1.1 * binary_entropy(error))
        else:
            total -= kept * 1.1 * float(binary_entropy(error))
    return total


@pytest.mark.parametrize("bits", [{"Z": 50_000, "X": 50_000}, {"Z": 90_000, "X": 3_000}])
def test_near_the_best_of_a_fine_grid(bits):
    found = key_left(bits, sample_sizes(bits), 0.03)
    shares = [i / 50 for i in range(51)]
    grid = [
        key_left(bits, {"Z": round(z * bits["Z"]), "X": round(x * bits["X"])}, 0.03)
        for z, x in itertools.product(shares, shares)
    ]
    assert found > 0
    assert found >= 0.99 * max(grid)


def test_a_rare_basis_is_given_up_to_vouch_for_the_other():
    sizes = sample_sizes({"Z": 90_000, "X": 3_000})
    assert sizes["X"] == 3_000
    assert sizes["Z"] < 9_000


def test_larger_sessions_give_up_a_smaller_share():
    shares = [sample_sizes({"Z": n, "X": n})["Z"] / n for n in (10**5, 10**6, 10**7)]
    assert shares == sorted(shares, reverse=True)


def test_nothing_of_nothing():
    assert sample_sizes({"Z": 0, "X": 0}) == {"Z": 0, "X": 0}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sample_sizes({"Z": -1, "X": 5}), r"bits\['Z'\] must be"),
        (lambda: sample_sizes({"Z": 5, "X": 5}, security=0), "security must lie"),
        (lambda: sample_sizes({"Z": 5, "X": 5}, expected_qber=0.6), "expected_qber must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()

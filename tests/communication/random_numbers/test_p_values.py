"""P-values: of a fair source uniform, of a biased one not; what a result holds."""

import numpy as np
import pytest
from scipy import stats

from qlearn.communication.random_numbers import (
    RandomnessTest,
    approximate_entropy,
    berlekamp_massey,
    block_frequency,
    cumulative_sums,
    dft,
    linear_complexity,
    longest_run,
    monobit,
    non_overlapping_template,
    overlapping_template,
    random_excursions,
    random_excursions_variant,
    rank,
    runs,
    serial,
    uniformity,
    universal,
)

SEQUENCES, BITS = 200, 1 << 13

# Every test but the two of the random walk's cycles, whose approximation wants 500 of them: parameters for 8192 bits.
TESTS = {
    "monobit": monobit,
    "block_frequency": block_frequency,
    "runs": runs,
    "longest_run": lambda bits: longest_run(bits, 8),
    "rank": lambda bits: rank(bits, 8, 8),
    "dft": dft,
    "non_overlapping_template": lambda bits: non_overlapping_template(bits, [0, 0, 0, 1], blocks=4),
    "overlapping_template": lambda bits: overlapping_template(bits, 4, 40, probabilities="exact"),
    "universal": lambda bits: universal(bits, 3),
    "linear_complexity": lambda bits: linear_complexity(bits, 24, probabilities="exact"),
    "serial": lambda bits: serial(bits, 4),
    "approximate_entropy": lambda bits: approximate_entropy(bits, 3),
    "cumulative_sums": cumulative_sums,
}


@pytest.fixture(scope="module")
def p_values():
    """The first P-value of each test on each sequence of a good generator."""
    rng = np.random.default_rng(22)
    sequences = rng.integers(0, 2, (SEQUENCES, BITS), dtype=np.uint8)
    return {name: np.array([test(bits).p_values[0] for bits in sequences]) for name, test in TESTS.items()}


@pytest.mark.parametrize("name", TESTS)
def test_a_good_generator_has_uniform_p_values(p_values, name):
    # Kolmogorov and Smirnov, n = 200: by Dvoretzky, Kiefer and Wolfowitz the largest gap exceeds 0.21 with a chance
    # below 2 exp(-2 n 0.21^2) = 4e-8, for 13 tests 6e-7. The approximations and steps of P at 8192 bits: 0.05 more.
    found = p_values[name]
    gap = stats.kstest(found, "uniform").statistic
    assert gap < 0.21 + 0.05
    assert ((found >= 0) & (found <= 1)).all()


def odd_sequences():
    """Constant, alternating, nearly constant and fair bits."""
    rng = np.random.default_rng(9)
    yield from (np.zeros(130, int), np.ones(130, int), np.arange(130) % 2)
    yield from (rng.random(rng.integers(128, 200)) < p for p in (0.01, 0.1, 0.5, 0.5, 0.9, 0.99))


def test_a_p_value_lies_between_0_and_1_whatever_the_bits():
    small = {**TESTS, "excursions": random_excursions, "variant": random_excursions_variant}
    small["rank"] = lambda bits: rank(bits, 3, 4)
    small["universal"] = lambda bits: universal(bits, 2, 3)
    for bits in odd_sequences():
        for name, test in small.items():
            found = test(bits)
            assert ((found.p_values >= 0) & (found.p_values <= 1)).all(), name
            assert np.isfinite(found.statistics).all(), name


def test_a_bias_of_two_percent_shows():
    rng = np.random.default_rng(3)
    found = [monobit(rng.random(BITS) < 0.52).p_value for _ in range(100)]
    assert uniformity(found) < 1e-100


def test_short_sequences_of_a_fair_source_have_p_values_that_are_not_uniform():
    # 128 coins: by the binomial law the tenth above .9 holds .07 (64 ones alone, with P = 1), that above .8 .14 (63 and 65)
    ones = np.random.default_rng(7).binomial(128, 0.5, 2000)
    assert uniformity([monobit(np.arange(128) < k).p_value for k in ones]) < 1e-20


def test_uniformity_is_pearsons_test_of_ten_classes():
    rng = np.random.default_rng(4)
    for power in (1, 2):
        p = rng.random(500) ** power
        oracle = stats.chisquare(np.histogram(p, np.linspace(0, 1, 11))[0]).pvalue
        assert uniformity(p) == pytest.approx(oracle, rel=1e-9)
    assert uniformity(np.ones(60)) < 1e-50  # 1 lies in the last tenth


def test_one_p_value_for_all_parts_is_bonferronis():
    test = RandomnessTest(np.array([1.0, 2.0]), np.array([0.2, 0.03]))
    assert test.p_value == 0.06
    assert repr(test) == "RandomnessTest(p_value=0.060000, parts=2)"
    assert RandomnessTest(np.zeros(2), np.array([0.7, 0.9])).p_value == 1


def test_fair_blocks_need_registers_of_half_their_length():
    # 4000 blocks of 60: mean 30 + 2/9, standard deviation of one sqrt(86/81): six of the mean's are 0.098, chance 2e-9
    lengths = berlekamp_massey(np.random.default_rng(5).integers(0, 2, (4000, 60)))
    assert abs(lengths.mean() - 30 - 2 / 9) < 6 * np.sqrt(86 / 81 / 4000)


def test_refuses():
    with pytest.raises(ValueError, match=r"at least 55 P-values on one axis, not of shape \(3,\)"):
        uniformity([0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match=r"p_values must be P-values between 0 and 1, not 1\.1029"):
        uniformity([1.1029] * 60)

"""The whole of SP 800-22: its fifteen tests with NIST's parameters, in one table."""

from collections.abc import Callable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from qlearn._checks import as_bits, as_real
from qlearn.communication.random_numbers.frequency import block_frequency, monobit
from qlearn.communication.random_numbers.matrix_rank import rank
from qlearn.communication.random_numbers.maurer_universal import universal
from qlearn.communication.random_numbers.p_values import RandomnessTest
from qlearn.communication.random_numbers.random_walk import (
    count_cycles,
    cumulative_sums,
    random_excursions,
    random_excursions_variant,
)
from qlearn.communication.random_numbers.run_lengths import longest_run, runs
from qlearn.communication.random_numbers.shift_registers import linear_complexity
from qlearn.communication.random_numbers.spectral import dft
from qlearn.communication.random_numbers.template_matching import (
    non_overlapping_template,
    overlapping_template,
)
from qlearn.communication.random_numbers.word_frequencies import approximate_entropy, serial

# In NIST's order; the least number of bits that NIST recommends for the parameters of its code.
_TESTS: dict[str, tuple[Callable[[ArrayLike], RandomnessTest], int]] = {
    "monobit": (monobit, 100),
    "block_frequency": (block_frequency, 128),
    "runs": (runs, 100),
    "longest_run": (longest_run, 128),
    "rank": (rank, 38_912),
    "dft": (dft, 1000),
    "non_overlapping_template": (non_overlapping_template, 1_000_000),
    "overlapping_template": (overlapping_template, 1_000_000),
    "universal": (universal, 387_840),
    "linear_complexity": (linear_complexity, 1_000_000),
    "serial": (serial, 1 << 19),
    "approximate_entropy": (approximate_entropy, 1 << 16),
    "cumulative_sums": (cumulative_sums, 100),
    "random_excursions": (random_excursions, 1_000_000),
    "random_excursions_variant": (random_excursions_variant, 1_000_000),
}
_CYCLES = 500


@dataclass(frozen=True, eq=False, repr=False)
class Suite:
    """Result of :func:`suite`: the tests that were made, and why the others were not."""

    tests: dict[str, RandomnessTest]
    """Name of a test: its result, in NIST's order."""
    left_out: dict[str, str]
    """Name of a test that was not made: why."""

    def failed(self, level: float = 0.01) -> list[str]:
        """Return the names of the tests whose one P-value is below the level; a fair source fails each about so often at most."""
        level = as_real(level, "level", least=0, most=1)
        return [name for name, test in self.tests.items() if test.p_value < level]

    def __repr__(self) -> str:
        width = max(map(len, (*self.tests, *self.left_out)))
        lines = [f"{'test':{width}}  parts  P-value   smallest part"]
        for name, test in self.tests.items():
            lines.append(
                f"{name:{width}}  {test.p_values.size:5}  {test.p_value:.6f}  {test.p_values.min():.6f}"
            )
        lines += [f"{name:{width}}  left out: {why}" for name, why in self.left_out.items()]
        return "\n".join(lines)


def suite(bits: ArrayLike) -> Suite:
    r"""Make all tests of SP 800-22 that a sequence is long enough for, with the parameters of NIST's code.

    If the bits are fair and independent a test fails at the level 0.01 in about one of a hundred sequences, and some test of
    the fifteen in up to one of seven: a failure calls for another sequence. Passing proves nothing about who else knows the
    bits.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        A million for all fifteen, of which the two of the random walk also want 500 returns to zero: about 38 % of the
        fair sequences of that length have fewer.

    Returns
    -------
    Suite

    Examples
    --------
    >>> from qlearn.communication.random_numbers import constant_bits
    >>> report = suite(constant_bits("sqrt2", 10_000))
    >>> list(report.tests)
    ['monobit', 'block_frequency', 'runs', 'longest_run', 'dft', 'cumulative_sums']
    >>> report.left_out["rank"]
    'NIST recommends at least 38912 bits'
    >>> report.failed()
    []

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.
    """
    sequence = as_bits(bits, "bits")
    if sequence.size < 100:
        raise ValueError(
            f"bits must be at least 100, the least that NIST recommends for any test, not {sequence.size}"
        )
    tests, left_out = {}, {}
    cycles = count_cycles(sequence)
    for name, (test, least) in _TESTS.items():
        if sequence.size < least:
            left_out[name] = f"NIST recommends at least {least} bits"
        elif name.startswith("random_excursions") and cycles < _CYCLES:
            left_out[name] = f"NIST wants at least {_CYCLES} returns to zero, not {cycles}"
        else:
            tests[name] = test(sequence)
    return Suite(tests, left_out)

"""The ports behind the pulses of BB84, against the library."""

from collections.abc import Callable

import numpy as np

from qlearn.communication import bb84
from qlearn.communication.bb84.transmission import FLIPS
from qlearn.exercises.communication.bb84 import bits_to_compare
from qlearn.plotting import binomial_error

BASES = ("random", "Z", "X", "breidbart")


def test_a_pulse_read_with_the_same_coins_gives_the_same_bits(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    bits, written, read = (rng.integers(0, most, 4000, dtype=np.uint8) for most in (2, 4, 4))
    coins = np.random.default_rng(2).random(4000)
    ours = bb84.measure_pulses(bb84.Pulses(bits, written), read, rng=np.random.default_rng(2))
    theirs = port("communication/bb84", "measure_pulses", list(zip(bits, written, read, coins, strict=True)))
    agree(theirs, ours)
    agree(
        port("communication/bb84", "flips", np.column_stack([written, read])), FLIPS[written, read], scale=1
    )


def test_what_eve_does_to_a_pulse(port: Callable, agree: Callable):
    fractions = np.random.default_rng(3).random(1000)
    for basis in BASES:
        ours = [bb84.InterceptResend(f, basis).joint for f in fractions]
        agree(port("communication/bb84", "joint", [[f, basis] for f in fractions]), ours, scale=1)


def test_rates_and_error_bars(port: Callable, agree: Callable):
    rng = np.random.default_rng(4)
    qber, phase = rng.uniform(0, 0.6, (2, 1500))
    ours = bb84.asymptotic_rate(qber, phase)
    agree(port("communication/key_rate", "asymptotic_rate", np.column_stack([qber, phase])), ours, scale=1)
    n = rng.integers(1, 10**6, 1500)
    seen = rng.integers(0, n + 1) / n
    agree(port("plotting/charts", "binomial_error", np.column_stack([seen, n])), binomial_error(seen, n))


def test_as_many_bits_unmask_her(port: Callable, agree: Callable):
    rng = np.random.default_rng(6)
    fractions, misses = rng.uniform(1e-3, 1, 1200), 10 ** rng.uniform(-12, -0.05, 1200)
    given = [
        *zip(fractions, misses, strict=True),
        (1, 0.75),
        (1, 0.75**7),
        *((k / 100, 0.05) for k in range(1, 101)),
    ]
    ours = np.array([bits_to_compare(fraction, miss) for fraction, miss in given])
    agree(port("communication/bb84", "bits_to_compare", given), ours)

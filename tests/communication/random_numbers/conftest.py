"""The sequences of NIST's examples, each made once."""

import numpy as np
import pytest

from qlearn.communication.random_numbers import constant_bits, suite


def million(name):
    sequence = constant_bits(name, 1_000_000)
    sequence.flags.writeable = False
    return sequence


@pytest.fixture(scope="session")
def e():
    return million("e")


@pytest.fixture(scope="session")
def pi():
    return million("pi")


@pytest.fixture(scope="session")
def sqrt2():
    return million("sqrt2")


@pytest.fixture(scope="session")
def pi100():
    """The first hundred digits of pi, as SP 800-22 prints them."""
    printed = (
        "1100100100001111110110101010001000100001011010001100001000110100110001001100011001100010100010111000"
    )
    return np.array([int(digit) for digit in printed])


@pytest.fixture(scope="session")
def reports(e, sqrt2):
    """All tests, with NIST's parameters, on the two sequences whose results NIST's program gives."""
    return {"e": suite(e), "sqrt2": suite(sqrt2)}

"""What the tests of protocols share: a frequency against its chance, and one party run alone."""

from collections import Counter

import numpy as np
import pytest

from qlearn.communication.secret_key import Receive, Send
from qlearn.communication.secret_key.public_channel import Disclosed


@pytest.fixture(scope="session")
def within():
    """Whether a frequency of n trials lies within some standard errors (6: a false alarm in 2e-9)."""

    def compare(seen, expected, n, sigmas=6):
        return abs(seen - expected) <= sigmas * np.sqrt(expected * (1 - expected) / n) + 1e-12

    return compare


@pytest.fixture(scope="session")
def alone():
    """One party's program, run with nothing but its own data and what it heard in an earlier session."""

    def run(program, name, messages):
        heard = (message.payload for message in messages if message.sender != name)
        said = (message for message in messages if message.sender == name)
        disclosed, answer = Counter(), None
        try:
            while True:
                wish, answer = program.send(answer), None
                if isinstance(wish, Send):
                    again = next(said)
                    assert (wish.step, wish.payload.tolist()) == (again.step, again.payload.tolist())
                    disclosed[wish.step] += wish.disclosed
                elif isinstance(wish, Receive):
                    answer = next(heard)
                elif isinstance(wish, Disclosed):
                    answer = disclosed[wish.step]
        except StopIteration as end:
            return end.value

    return run

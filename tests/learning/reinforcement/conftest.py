"""What the tests of learners share: the expected return of an episode, slot by slot."""

import numpy as np
import pytest

from qlearn.learning.reinforcement.markov_decision_processes import _chain


@pytest.fixture(scope="session")
def expected_return():
    """Expected number of slots that get through in an episode, from the chain of channels and observation."""

    def over(channels, policy, slots):
        chain, reward, start = _chain(channels, policy)
        values = np.zeros_like(reward)
        for _ in range(slots):
            values = reward + (chain @ values[..., None])[..., 0]
        return values @ start

    return over

"""Inputs on demand: the same arrays as at once, whatever part is asked for."""

import numpy as np

from qlearn.learning.neural_networks._on_demand import EncodedOnDemand, encoded

ROWS = np.arange(12.0).reshape(6, 2)


def test_any_part_is_encoded_as_it_would_be_at_once():
    calls = []

    def squares(X):
        calls.append(len(X))
        return X**2

    whole = EncodedOnDemand(ROWS, squares)
    assert len(whole) == 6
    assert calls == []
    for part in (slice(None), slice(1, 4), np.array([4, 0, 4]), np.arange(6) % 2 == 0):
        np.testing.assert_array_equal(encoded(whole[part]), ROWS[part] ** 2)
        np.testing.assert_array_equal(encoded(ROWS[part] ** 2), ROWS[part] ** 2)
    assert calls == [6, 3, 3, 3]
    np.testing.assert_array_equal(whole[2:][1:].encoded(), ROWS[3:] ** 2)
    assert not whole.nbytes <= 2**60

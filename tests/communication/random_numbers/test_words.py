"""Words: read off a string."""

import numpy as np
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers._words import cyclic_counts, words


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=60), st.data())
def test_words_are_what_the_string_spells(sequence, data):
    m = data.draw(st.integers(1, min(12, len(sequence))))
    text = "".join(map(str, sequence))
    spelled = [int(text[i : i + m], 2) for i in range(len(text) - m + 1)]
    bits = np.array(sequence, np.uint8)
    assert words(bits, m).tolist() == spelled
    ring = text + text[: m - 1]
    around = [int(ring[i : i + m], 2) for i in range(len(text))]
    assert cyclic_counts(bits, m).tolist() == np.bincount(around, minlength=2**m).tolist()

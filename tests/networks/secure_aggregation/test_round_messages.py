"""Messages: what is packed comes out the same; what is none is refused."""

import pytest
from hypothesis import given, strategies as st

from qlearn.networks.secure_aggregation import (
    Joined,
    Masked,
    Members,
    Opening,
    Request,
    Revealed,
    Shared,
    Signed,
    Survivors,
    pack,
    unpack,
)

text, number, data = st.text(max_size=5), st.integers(1, 10**6), st.binary(max_size=9)
names, signatures = st.lists(text, max_size=3).map(tuple), st.dictionaries(text, data, max_size=3)
key_ids = st.dictionaries(text, names, max_size=3)

messages = st.one_of(
    st.builds(Joined, number, text, key_ids, data),
    st.builds(Members, number, names, st.dictionaries(text, key_ids, max_size=3), signatures, data),
    st.builds(Shared, number, text, data, signatures),
    st.builds(Opening, number, signatures, signatures),
    st.builds(Masked, number, text, data),
    st.builds(Survivors, number, names),
    st.builds(Signed, number, text, data),
    st.builds(Request, number, signatures),
    st.builds(Revealed, number, text, signatures, data),
)


@given(messages)
def test_round_trip(message):
    assert unpack(pack(message)) == message


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"{}",
        b'["Nothing", {}]',
        b'["Survivors", {"number": 1}]',
        b'["Survivors", {"number": "1", "survivors": []}]',
        b'["Survivors", {"number": 1, "survivors": "Ann"}]',
        b'["Survivors", {"number": 1, "survivors": [1]}]',
        b'["Survivors", {"number": true, "survivors": []}]',
        b'["Masked", {"number": 1, "sender": "Ann", "words": "?"}]',
        b'["Masked", {"number": 1, "sender": 5, "words": ""}]',
        b'["Request", {"number": 1, "signatures": []}]',
    ],
)
def test_refuses(wrong):
    with pytest.raises(ValueError, match="data must be a message of a round"):
        unpack(wrong)

"""Messages: what a call may say, one form of refusals, and nothing repeated that came in."""

import json

import pytest
from hypothesis import given, strategies as st

from qlearn.communication.key_management.messages import (
    KeyIDs,
    KeyRequest,
    Refusal,
    parse_body,
    parse_query,
    whole,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()),
    st.sampled_from([KeyRequest, KeyIDs]),
)
def test_any_body_is_read_or_refused(body, model):
    try:
        made = parse_body(model, body)
    except Refusal as fault:
        made = fault
    if isinstance(made, Refusal):
        assert made.status == 400
        assert set(json.loads(made.body)) == {"message", "details"}
    else:
        assert isinstance(made, model)


def test_a_body_of_the_standard_is_read():
    body = {
        "number": 3,
        "size": 1024,
        "additional_slave_SAE_IDs": ["ABCDEFG"],
        "extension_mandatory": [{"abc_route_type": "direct"}],
        "extension_optional": [{"abc_max_age": 30000}],
    }
    assert parse_body(KeyRequest, json.dumps(body).encode()).model_dump() == body
    assert parse_body(KeyRequest, b'{"number": null}').number is None


def test_a_refusal_names_the_place_and_not_the_value():
    with pytest.raises(Refusal) as caught:
        parse_body(KeyIDs, b'{"key_IDs": [{"key_ID": "a"}, {"key_ID": 4711}]}')
    (detail,) = json.loads(caught.value.body)["details"]
    assert list(detail) == ["key_IDs.1.key_ID"]
    assert "4711" not in caught.value.body.decode()


def test_queries():
    kinds = {"number": whole, "size": whole}
    assert parse_query(b"number=3&size=1024", kinds) == {"number": 3, "size": 1024}
    assert parse_query(b"", kinds) == {}
    for query, says in [
        (b"number=3&number=3", "number must be given once"),
        (b"Number=3", "does not know"),
        (b"number=0x3", "number must be a whole number"),
        (b"number=", "number must be a whole number"),
        (b"number=1234567890", "number must be a whole number"),
        (b"number=%ff", "not UTF-8"),
        (b"number=\xff", "not UTF-8"),
    ]:
        with pytest.raises(Refusal, match=says):
            parse_query(query, kinds)


@given(st.text(max_size=12))
def test_whole_numbers_are_of_ascii_digits(text):
    expected = text.isascii() and text.isdigit() and len(text) <= 9
    if expected:
        assert whole(text) == int(text)
    else:
        with pytest.raises(ValueError):  # noqa: PT011 - its text is the text that came
            whole(text)

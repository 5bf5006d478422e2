"""Airtime against bits counted one by one, and against a row of the makers' own calculator."""

import math

import pytest
from hypothesis import given, strategies as st

from qlearn.applications.telemetry import fragments, ieee802154_airtime, lora_airtime
from qlearn.applications.telemetry.airtime import PAYLOAD_802154, PAYLOAD_LORA


@given(st.integers(1, 3000), st.integers(1, 250))
def test_fragments_are_full_but_for_the_last(size, payload):
    parts = fragments(size, payload)
    assert sum(parts) == size
    assert len(parts) == math.ceil(size / payload)
    assert all(part == payload for part in parts[:-1])
    assert 1 <= parts[-1] <= payload


@given(st.integers(1, 2000), st.integers(0, 100))
def test_802154_counts_bytes(size, overhead):
    """Byte by byte: a new frame, with six bytes before it, whenever the last is full."""
    on_air, room = 0, 0
    for _ in range(size):
        if room == 0:
            on_air, room = on_air + 6 + overhead, 127 - overhead
        on_air, room = on_air + 1, room - 1
    assert ieee802154_airtime(size, overhead=overhead) == pytest.approx(on_air * 32e-6, rel=1e-12)


def test_a_full_frame_is_133_bytes():
    assert ieee802154_airtime(PAYLOAD_802154) == pytest.approx(133 * 8 / 250e3, rel=1e-12)


def test_lora_by_the_published_calculation():
    """Spreading factor 9, 14 bytes with LoRaWAN's own 13: a preamble of 50.176 ms and 28 symbols of 4.096 ms."""
    assert lora_airtime(1, spreading_factor=9) == pytest.approx(0.050176 + 28 * 0.004096, rel=1e-12)


@pytest.mark.parametrize("factor", PAYLOAD_LORA)
def test_lora_by_counting_bits(factor):
    """Data bits a block of symbols carries: 4 (s - 2d) in 5 symbols; the first 8 symbols carry the header and some more."""
    symbol, slow = 2**factor / 125e3, factor >= 11
    for size in (1, 20, PAYLOAD_LORA[factor]):
        bits = 8 * (size + 13) + 16 + 20 - (4 * factor - 8)
        symbols = 8 + 5 * math.ceil(max(0, bits) / (4 * (factor - 2 * slow)))
        assert lora_airtime(size, spreading_factor=factor) == pytest.approx(
            (12.25 + symbols) * symbol, rel=1e-12
        )
    two = lora_airtime(PAYLOAD_LORA[factor] + 1, spreading_factor=factor)
    assert two == pytest.approx(
        lora_airtime(PAYLOAD_LORA[factor], spreading_factor=factor)
        + lora_airtime(1, spreading_factor=factor),
        rel=1e-12,
    )


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: fragments(0, 5), "n_bytes must be at least 1"),
        (lambda: ieee802154_airtime(5, overhead=127), "overhead must be below 127"),
        (lambda: ieee802154_airtime(5, bit_rate=0), "bit_rate must be above 0"),
        (lambda: lora_airtime(5, spreading_factor=6), "spreading_factor must be 7 to 12"),
        (lambda: lora_airtime(5, bandwidth_hz=0), "bandwidth_hz must be above 0"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()

"""Airtime: how long a message keeps a radio busy, on IEEE 802.15.4 and on LoRa, in as many frames as it takes."""

from math import ceil

from qlearn._checks import as_count, as_real

PAYLOAD_802154 = 102
"""Bytes of a frame of IEEE 802.15.4 that are left for what is sealed: 127 less a header and check sum of 25, the longest."""
PAYLOAD_LORA = {7: 222, 8: 222, 9: 115, 10: 51, 11: 51, 12: 51}
"""Bytes of a reading in one LoRaWAN frame in Europe at 868 MHz, by spreading factor, where a repeater may be on the way."""

_LORA_OVERHEAD = 13  # header, address, counter, port and tag of LoRaWAN


def fragments(n_bytes: int, payload: int) -> list[int]:
    """Return the sizes of the frames that a message is cut into: full ones and the rest.

    Parameters
    ----------
    n_bytes : int
        Of the message.
    payload : int
        Bytes that one frame holds.

    Returns
    -------
    list of int

    Examples
    --------
    >>> fragments(250, 102)
    [102, 102, 46]

    References
    ----------
    RFC 4944 (2007), section 5.3: fragments on IEEE 802.15.4, whose own headers are left out here.
    """
    size, room = as_count(n_bytes, "n_bytes"), as_count(payload, "payload")
    return [min(room, size - start) for start in range(0, size, room)]


def ieee802154_airtime(n_bytes: int, *, bit_rate: float = 250e3, overhead: int = 25) -> float:
    r"""Return the seconds that a message takes on air in frames of IEEE 802.15.4, without waiting and acknowledgements.

    .. math:: t = \frac{8}{R} \sum_i (6 + h + L_i), \qquad L_i \le 127 - h

    Six bytes go before each frame: preamble, delimiter, length.

    Parameters
    ----------
    n_bytes : int
        Of the message.
    bit_rate : float
        :math:`R`, 250 kbit/s at 2.4 GHz.
    overhead : int
        :math:`h`, header and check sum: 25 bytes with both long addresses; 11 with short ones.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> round(ieee802154_airtime(41) * 1e3, 3), round(ieee802154_airtime(1088) * 1e3, 3)  # milliseconds
    (2.304, 45.728)

    References
    ----------
    IEEE Std 802.15.4-2020. RFC 4944 (2007), section 4: 127 bytes, of which up to 25 are overhead.
    """
    rate = as_real(bit_rate, "bit_rate", above=0)
    head = as_count(overhead, "overhead", 0)
    if head >= 127:
        raise ValueError(f"overhead must be below 127, the bytes of a frame, not {overhead}")
    return 8 / rate * sum(6 + head + part for part in fragments(n_bytes, 127 - head))


def lora_airtime(n_bytes: int, *, spreading_factor: int = 9, bandwidth_hz: float = 125e3) -> float:
    r"""Return the seconds that a message takes on air in LoRaWAN frames, of which Europe allows one part in a hundred.

    .. math:: t = \sum_i \left(12.25 + 8 + \max\left(0, 5\left\lceil\frac{8P_i - 4s + 44}{4(s - 2d)}\right\rceil\right)\right)
              \frac{2^s}{B}, \qquad P_i = L_i + 13

    for a preamble of 8 symbols, coding rate 4/5, an explicit header and a check sum, as frames of a device have it (those
    of a gateway have no check sum: up to 5 symbols less each); :math:`d = 1` from :math:`s = 11` on, else 0 (at 125 kHz).

    Parameters
    ----------
    n_bytes : int
        Of the message; it is cut at what a frame of this factor may carry.
    spreading_factor : int
        :math:`s`, 7 (fast, near) to 12 (slow, far).
    bandwidth_hz : float
        :math:`B`.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> round(lora_airtime(24), 3), round(lora_airtime(1088, spreading_factor=12), 1)
    (0.267, 60.3)

    References
    ----------
    Semtech, AN1200.13, "LoRa modem designer's guide", 2013. LoRa Alliance, "LoRaWAN 1.0.2 regional parameters", revision B,
    2017, section 2.1: payloads. ETSI EN 300 220-2: duty cycle of 1 % from 868.0 to 868.6 MHz, of
    10 % from 869.4 to 869.65 MHz.
    """
    factor = as_count(spreading_factor, "spreading_factor")
    if factor not in PAYLOAD_LORA:
        raise ValueError(f"spreading_factor must be 7 to 12, not {spreading_factor}")
    symbol = 2**factor / as_real(bandwidth_hz, "bandwidth_hz", above=0)
    slow = 1 if symbol > 0.016 else 0
    total = 0.0
    for part in fragments(n_bytes, PAYLOAD_LORA[factor]):
        blocks = ceil((8 * (part + _LORA_OVERHEAD) - 4 * factor + 44) / (4 * (factor - 2 * slow)))
        total += (12.25 + 8 + max(0, 5 * blocks)) * symbol
    return total

"""Device budget: what a sensor of one battery holds, and what sending and computing take of it."""

from dataclasses import dataclass

from qlearn._checks import as_count, as_real

_PQM4 = "pqm4, benchmarks.csv at commit 03a4b8a: cycles (mean) and stack on an Arm Cortex-M4"


@dataclass(frozen=True)
class Operation:
    """One operation of post-quantum cryptography on a microcontroller."""

    name: str
    cycles: int
    stack: int
    """Bytes of memory while it runs, without the keys."""
    source: str = _PQM4


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("ML-KEM-768 key generation", 642_096, 5_396),
        Operation("ML-KEM-768 encapsulation", 658_754, 6_468),
        Operation("ML-KEM-768 decapsulation", 707_827, 6_452),
        Operation("ML-DSA-65 signing", 6_193_171, 68_872),
        Operation("ML-DSA-65 verification", 2_415_944, 9_888),
        Operation("ML-DSA-65 signing, small memory", 24_421_526, 6_616),
        Operation("ML-DSA-65 verification, small memory", 5_732_397, 2_712),
    )
}
"""Cycles and stack of the operations of a handshake, by name; pqm4's quick versions, and the small ones where it says so.

Signing tries until a signature fits: its cycles are a mean, and single ones take several times as many.
"""


@dataclass(frozen=True)
class Device:
    r"""A sensor node: memory, clock, and the currents that say what a second of each work takes.

    The defaults are an nRF52840 at 3 V: a Cortex-M4 of 64 MHz with 1 MiB of flash and 256 KiB of memory, and a radio for
    IEEE 802.15.4 of 6.40 mA sending (0 dBm) and 6.53 mA receiving, by its product specification. The current of the
    processor alone is an **assumption** (3.3 mA): we could read only its row for processor and radio together, 8.1 mA,
    which bounds it from above.

    Parameters
    ----------
    flash, ram : int
        Bytes.
    clock_hz : float
        Cycles a second.
    volts : float
        Of the supply.
    send_ma, receive_ma, compute_ma : float
        Milliamperes.
    battery_mah : float
        An assumption: two AA cells of alkali have a few thousand.

    Examples
    --------
    >>> node = Device()
    >>> round(node.send_joules(0.002304) * 1e6, 1)  # microjoules for a frame of 2.3 ms
    44.2
    >>> round(node.compute_joules(OPERATIONS["ML-KEM-768 encapsulation"].cycles) * 1e6, 1)
    101.9

    References
    ----------
    Nordic Semiconductor, "nRF52840 product specification", section on current consumption (read in 2026). Kannwischer,
    Rijneveld, Schwabe and Stoffelen, "pqm4: testing and benchmarking NIST PQC on ARM Cortex-M4", 2019.
    """

    flash: int = 2**20
    ram: int = 2**18
    clock_hz: float = 64e6
    volts: float = 3.0
    send_ma: float = 6.40
    receive_ma: float = 6.53
    compute_ma: float = 3.3
    battery_mah: float = 2400.0

    def __post_init__(self) -> None:
        for name in ("flash", "ram"):
            as_count(getattr(self, name), name)
        for name in ("clock_hz", "volts", "send_ma", "receive_ma", "compute_ma", "battery_mah"):
            as_real(getattr(self, name), name, above=0)

    @property
    def battery_joules(self) -> float:
        """All that the battery holds."""
        return self.battery_mah * 3.6 * self.volts

    def send_joules(self, seconds: float) -> float:
        """Return what sending for so long takes."""
        return as_real(seconds, "seconds", least=0) * self.volts * self.send_ma / 1e3

    def receive_joules(self, seconds: float) -> float:
        """Return what receiving for so long takes."""
        return as_real(seconds, "seconds", least=0) * self.volts * self.receive_ma / 1e3

    def compute_joules(self, cycles: float) -> float:
        """Return what so many cycles take."""
        return as_real(cycles, "cycles", least=0) / self.clock_hz * self.volts * self.compute_ma / 1e3


def flash_for_keys(
    days: float,
    *,
    rotations_per_day: float | None = None,
    messages_per_day: float | None = None,
    text_bytes: int | None = None,
) -> int:
    r"""Return the bytes of flash that a sensor needs for all keys until it comes to the dock again.

    .. math:: F = 32\,\lceil \rho\,T \rceil \ \text{(keys of AES)}, \qquad F = \lceil m\,T \rceil\,(L + 32) \ \text{(pad)}

    Parameters
    ----------
    days : float
        :math:`T`.
    rotations_per_day : float
        :math:`\rho`, for keys of 256 bits; give this or the next two.
    messages_per_day, text_bytes : float, int
        :math:`m` and :math:`L`, for a one-time pad with a tag of its own for each message.

    Returns
    -------
    int

    Examples
    --------
    >>> flash_for_keys(365, rotations_per_day=24), flash_for_keys(365, messages_per_day=288, text_bytes=24)
    (280320, 5886720)

    References
    ----------
    As for :func:`key_demand`: bytes here are its bits, for one sensor, over 8.
    """
    from math import ceil

    time = as_real(days, "days", least=0)
    pad = messages_per_day is not None and text_bytes is not None
    if pad == (rotations_per_day is not None):
        raise ValueError(
            "give rotations_per_day, or messages_per_day and text_bytes: keys that are changed, or a pad"
        )
    if rotations_per_day is not None:
        return 32 * ceil(as_real(rotations_per_day, "rotations_per_day", least=0) * time)
    return ceil(as_real(messages_per_day, "messages_per_day", least=0) * time) * (
        as_count(text_bytes, "text_bytes") + 32
    )

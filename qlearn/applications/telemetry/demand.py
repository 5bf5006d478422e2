"""Key demand: secret bits a day that sensors use up, by one-time pad or by keys that are changed."""

from qlearn._checks import as_choice, as_count, as_real
from qlearn.applications.telemetry.frame_sizes import frame_size

KEY_BITS = 256
MODES = ("one-time pad", "rotation")


def key_demand(
    sensors: int,
    mode: str,
    *,
    messages_per_day: float | None = None,
    text_bytes: int | None = None,
    rotations_per_day: float | None = None,
    fresh_every: int = 1,
    keep_point: bool = False,
) -> float:
    r"""Return how many secret bits a day a number of sensors use up.

    .. math:: D_\text{pad} = n\,m\,(8L + 256), \qquad D_\text{rotation} = \frac{256\,n\,\rho}{g}

    A pad spends with every message; rotation spends by the clock, however much is sent. Where only each :math:`g`-th
    rotation takes fresh bits and the others are steps of a ratchet, :math:`1/g` of it is left.

    Parameters
    ----------
    sensors : int
        :math:`n`.
    mode : str
        "one-time pad" or "rotation".
    messages_per_day, text_bytes : float, int
        :math:`m` and :math:`L`, of one sensor: for the pad.
    rotations_per_day : float
        :math:`\rho`, of one sensor: for rotation.
    fresh_every : int
        :math:`g`: each rotation takes fresh bits (1), or each second one, and so on.
    keep_point : bool
        Whether the tags of pads share one point: then each takes 128 bits and not 256.

    Returns
    -------
    float
        Bits a day.

    Examples
    --------
    >>> key_demand(100, "one-time pad", messages_per_day=288, text_bytes=24)  # a reading each five minutes
    12902400.0
    >>> key_demand(100, "rotation", rotations_per_day=24)
    614400.0

    References
    ----------
    Shannon, Bell Syst. Tech. J. 28, 656 (1949), doi:10.1002/j.1538-7305.1949.tb00928.x: a bit of key for a bit of text.
    """
    n = as_count(sensors, "sensors", 0)
    as_choice(mode, MODES, "mode")
    if mode == "one-time pad":
        if messages_per_day is None or text_bytes is None:
            raise ValueError(
                "messages_per_day and text_bytes must be given for a one-time pad: it spends by the message"
            )
        spent = frame_size(text_bytes, "one-time pad").spent - (128 if keep_point else 0)
        return n * as_real(messages_per_day, "messages_per_day", least=0) * spent
    if rotations_per_day is None:
        raise ValueError("rotations_per_day must be given for rotation: it spends by the clock")
    each = as_real(rotations_per_day, "rotations_per_day", least=0) / as_count(fresh_every, "fresh_every")
    return n * KEY_BITS * each

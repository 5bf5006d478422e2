"""Key performance indicators: the six numbers that an orchestrator learns of a round, any of which may be missing."""

from dataclasses import dataclass, fields
from math import inf, isnan, nan

from qlearn._checks import as_count

_RANGES = {
    "latency": (0.0, inf),
    "accuracy": (0.0, 1.0),
    "key_reserve": (0.0, 1.0),
    "buffer": (0.0, inf),
    "suspected_eve": (0.0, inf),
    "new_arrivals": (0.0, inf),
}


@dataclass(frozen=True)
class KPIs:
    """What was measured of one round: all that a policy sees of the network.

    A number that was not measured, or that got lost on the way to the orchestrator, is NaN. What cannot be measured at
    all (an infinite latency, an accuracy of 3) is refused here; :func:`~qlearn.networks.orchestration.rounds.orchestrate`
    records it and goes on with NaN.

    Parameters
    ----------
    round : int
        The round they are of, from 1; 0 before the first.
    latency : float
        Seconds from the orders until the last update was merged at the orchestrator; 0 if none came so far.
    accuracy : float
        Share of the orchestrator's test samples that the model gets right, 0 to 1.
    key_reserve : float
        Median fill of the key reserves of the links in use, 0 (empty) to 1 (full).
    buffer : float
        Work that waits at the busiest aggregator when the round ends, in seconds of its time.
    suspected_eve : float
        Links in use whose error rate is above the threshold: somebody may listen there, and they give no key.
    new_arrivals : float
        Devices that came in this round.

    Examples
    --------
    >>> kpis = KPIs(3, latency=0.2, accuracy=0.9, key_reserve=0.5, buffer=0.0)
    >>> kpis.missing
    ('suspected_eve', 'new_arrivals')

    References
    ----------
    The indicators are those that the article names: latency and new devices (section I-B), buffer and possible presence
    of eavesdroppers (section III).
    """

    round: int = 0
    latency: float = nan
    accuracy: float = nan
    key_reserve: float = nan
    buffer: float = nan
    suspected_eve: float = nan
    new_arrivals: float = nan

    def __post_init__(self) -> None:
        as_count(self.round, "round", least=0)
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            try:
                number = float(value)
            except (TypeError, ValueError):
                raise TypeError(
                    f"{name} must be a number, NaN if it is missing, not {type(value).__name__}"
                ) from None
            if not isnan(number) and not (least <= number <= most and number < inf):
                raise ValueError(
                    f"{name} must lie between {least:g} and {most:g}, or be NaN if it is missing, not {number}"
                )
            object.__setattr__(self, name, number)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the indicators that are NaN."""
        return tuple(field.name for field in fields(self) if isnan(getattr(self, field.name)))

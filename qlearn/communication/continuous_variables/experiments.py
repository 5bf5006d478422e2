"""Experiments: what an experiment was made of, and the rates it stated, each in a small file with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qlearn.communication._published import Published
from qlearn.communication.continuous_variables._arguments import Detection
from qlearn.qubits.noise import transmittance_to_db


@dataclass(frozen=True)
class Experiment:
    """A link that was built and measured, in shot-noise units.

    Parameters
    ----------
    name, title, source : str
        Short name, what it is, and where its numbers stand.
    length_km, transmittance : float
        The fibre, and the share of the light that it let through.
    modulation_variance, excess_noise, efficiency, electronic_noise, beta : float
        As in :func:`key_rate`.
    detection : {"homodyne", "heterodyne"}
        What Bob did.
    trusted : bool
        Whether the published rates leave Bob's detector out of Eve's reach.
    symbols_per_second : float
        Symbols that carried key.
    published : mapping of str to float
        Rates in bit/s as the source states them: "individual" and "collective" for what the measured
        quantities allow against these attacks, "delivered" for what left the machine (at least).
    """

    name: str
    title: str
    source: str
    length_km: float
    transmittance: float
    modulation_variance: float
    excess_noise: float
    efficiency: float
    electronic_noise: float
    beta: float
    detection: Detection
    trusted: bool
    symbols_per_second: float
    published: Mapping[str, float]

    @property
    def loss_db_per_km(self) -> float:
        """Loss of a kilometre, from the measured transmittance."""
        return float(transmittance_to_db(self.transmittance)) / self.length_km

    @property
    def line(self) -> dict[str, Any]:
        """What :func:`mutual_information`, :func:`holevo_bound` and :func:`entangling_cloner` ask for."""
        names = ("modulation_variance", "excess_noise", "efficiency", "electronic_noise", "detection")
        return {name: getattr(self, name) for name in names}

    @property
    def parameters(self) -> dict[str, Any]:
        """What :func:`key_rate` asks for, besides the length."""
        return {
            **self.line,
            "beta": self.beta,
            "loss_db_per_km": self.loss_db_per_km,
            "trusted": self.trusted,
        }


EXPERIMENTS: Mapping[str, Experiment] = Published(
    "EXPERIMENTS", Experiment, "qlearn.communication.continuous_variables"
)
"""Published experiments by name: "lodewyck2007"."""

"""Claims of quantum advantage: eight questions to read one by, and what became of six that were published."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qlearn._checks import as_choice

READING_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "rival": "Was the classical rival run at the size of the claim, and not only extrapolated?",
        "best": "Was the rival the best one known for this structure, tuned as hard?",
        "checked": "Was the quantum answer checked at the size of the claim?",
        "scaling": "Are there several sizes, so that a trend is measured, or is it proved?",
        "whole": "Is all of it counted: loading, reading out, calibration, energy?",
        "errors": "Are there error bars and repeats?",
        "open": "Are data or circuits public, so that others could try?",
        "use": "Does somebody want the answer for itself?",
    }
)
"""What to ask of a claim of advantage. A "no" refutes nothing: it says where to look."""

_FATES = ("overtaken", "disputed", "conditional")


@dataclass(frozen=True)
class AdvantageClaim:
    """A published claim, read by :data:`READING_QUESTIONS`.

    Parameters
    ----------
    name : str
        Short name.
    year : int
        Of the claim.
    source : str
        Where it stands.
    said : str
        What was claimed, in our words.
    answers : mapping of str to bool or None
        By question; None: not looked into here, or it does not apply (a theorem has no error bars).
    fate : {"overtaken", "disputed", "conditional"}
        What became of it by 2026: a classical method did the same; one did a part, and its authors object; it holds under
        conditions that have to be met first.
    later : str
        By what, in our words.
    later_source : str
        Where that stands.
    """

    name: str
    year: int
    source: str
    said: str
    answers: Mapping[str, bool | None]
    fate: str
    later: str
    later_source: str

    def __post_init__(self) -> None:
        if set(self.answers) != set(READING_QUESTIONS):
            raise ValueError(f"answers must have the questions {', '.join(READING_QUESTIONS)}, each once")
        if wrong := [
            key for key, value in self.answers.items() if not (value is None or isinstance(value, bool))
        ]:
            raise ValueError(
                f"answers must be True, False or None, not {self.answers[wrong[0]]!r} for {wrong[0]}"
            )
        as_choice(self.fate, _FATES, "fate")


def open_questions(claim: AdvantageClaim) -> tuple[str, ...]:
    """Return the questions that a claim does not answer with yes: a "no", or none was looked for.

    Parameters
    ----------
    claim : AdvantageClaim

    Returns
    -------
    tuple of str
        Keys of :data:`READING_QUESTIONS`, in their order.

    Examples
    --------
    >>> from qlearn.applications.standards import ADVANTAGE_CLAIMS
    >>> open_questions(ADVANTAGE_CLAIMS[0])
    ('rival', 'best', 'checked', 'whole', 'use')

    References
    ----------
    Aaronson, "Read the fine print", 2015, doi:10.1038/nphys3272. Bowles, Ahmed and Schuld, "Better than classical?", 2024,
    arXiv:2403.07059.
    """
    if not isinstance(claim, AdvantageClaim):
        raise TypeError(f"claim must be an AdvantageClaim, not {type(claim).__name__}")
    return tuple(key for key in READING_QUESTIONS if claim.answers[key] is not True)


def _read(yes: str = "", no: str = "") -> Mapping[str, bool | None]:
    known = dict.fromkeys(yes.split(), True) | dict.fromkeys(no.split(), False)
    return MappingProxyType({key: known.get(key) for key in READING_QUESTIONS})


ADVANTAGE_CLAIMS: tuple[AdvantageClaim, ...] = (
    AdvantageClaim(
        "random circuits on 53 qubits",
        2019,
        "Arute et al., Nature 574, 505 (2019)",
        "a million samples in 200 seconds; a supercomputer would take about 10,000 years",
        _read(yes="scaling errors open", no="rival best checked use"),
        "overtaken",
        "a million samples of like fidelity in 15 hours on 512 GPUs; later 1,432 GPUs were faster than the chip",
        "Pan, Chen and Zhang, arXiv:2111.03011 (2022); Zhao et al., arXiv:2406.18889 (2024)",
    ),
    AdvantageClaim(
        "Gaussian boson sampling",
        2020,
        "Zhong et al., Science 370, 1460 (2020)",
        "sampling of photons some 10^14 times faster than the simulation of the day",
        _read(yes="scaling", no="rival best checked use"),
        "overtaken",
        "a tensor network that uses the loss of photons samples closer to the ideal than this experiment and those until 2023 "
        "did; one of 2025, with less loss, claims to be out of its reach",
        "Oh et al., arXiv:2306.03709, Nature Physics (2024); Liu et al., arXiv:2508.09092 (2025)",
    ),
    AdvantageClaim(
        "kicked Ising model on 127 qubits",
        2023,
        "Kim et al., Nature 618, 500 (2023)",
        "expectation values beyond brute force: utility before fault tolerance (supremacy was not claimed)",
        _read(yes="rival scaling errors", no="best checked"),
        "overtaken",
        "tensor networks that know the lattice are more accurate than the chip, on small machines",
        "Tindall et al., arXiv:2306.14887 (2024); Begusic, Gray and Chan, arXiv:2308.05077 (2024)",
    ),
    AdvantageClaim(
        "quenched spin glasses on an annealer",
        2025,
        "King et al., Science 388, 199 (2025), arXiv:2403.00910",
        "dynamics that a supercomputer would need nearly a million years for",
        _read(yes="scaling errors", no="rival checked"),
        "disputed",
        "belief propagation on tensor networks reaches comparable accuracy on several of the lattices; the makers object "
        "that not all lattices, sizes and observables are reached",
        "Tindall et al., arXiv:2503.05693, Science (2026); Mauron and Carleo, arXiv:2503.08247 (2025)",
    ),
    AdvantageClaim(
        "recommendation systems",
        2016,
        "Kerenidis and Prakash, arXiv:1603.08675 (2016)",
        "a recommendation in time polylogarithmic in the size of the table, exponentially faster than was known",
        _read(yes="scaling", no="rival best"),
        "overtaken",
        "a classical algorithm with the same access to the data is polylogarithmic as well",
        "Tang, arXiv:1807.04271, STOC (2019)",
    ),
    AdvantageClaim(
        "linear systems (HHL)",
        2009,
        "Harrow, Hassidim and Lloyd, arXiv:0811.3171 (2009)",
        "a state proportional to the solution, in time logarithmic in the number of unknowns",
        _read(yes="scaling", no="whole"),
        "conditional",
        "if the right side can be loaded, the matrix is sparse and well conditioned, and one wants no entry but an average",
        "Aaronson, Nature Physics 11, 291 (2015)",
    ),
)
"""Six claims and their fate, as of November 2026. The yes and no are this book's reading of the papers named."""

"""Procurement: thirty questions to the seller of a link for quantum keys, and what is missing in the answers."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question, why it is asked, and the chapter that shows it.

    Parameters
    ----------
    key : str
        Its short name.
    area : str
        Need, link, keys, network, trust or life.
    text : str
        A question that "yes" answers well.
    why : str
        What goes wrong otherwise.
    chapter : str
        Where this book shows it.
    must : bool
        Whether there is nothing to score while the answer is not yes.
    """

    key: str
    area: str
    text: str
    why: str
    chapter: str
    must: bool = False


def _area(
    area: str, *rows: tuple[str, str, str, str] | tuple[str, str, str, str, bool]
) -> tuple[Question, ...]:
    return tuple(Question(key, area, *rest) for key, *rest in rows)


_MUST = True

PROCUREMENT_QUESTIONS: tuple[Question, ...] = (
    *_area(
        "need",
        ("threat", "Is it written down against whom the data are protected?",
         "without it no offer can be judged", "communication/key_management", _MUST),
        ("lifetime", "Is it known for how many years the data must stay secret?",
         "recorded traffic is opened later", "communication/key_management", _MUST),
        ("demand", "Is the demand counted in key bits a day, by application?",
         "a link that feeds AES may not feed a pad", "communication/key_management"),
        ("post_quantum", "Was post-quantum cryptography alone considered, with its price?",
         "authorities put it first", "communication/key_management", _MUST),
        ("last_metre", "Is it drawn where the keys end and how they reach the device?",
         "the last metre is often plain TLS", "communication/key_management"),
    ),
    *_area(
        "link",
        ("loss", "Was the loss of the fibre measured, in dB and not in km?", "rates fall exponentially with it",
         "communication/photons"),
        ("rate", "Is the rate promised at that loss, as secret bits after all is paid?",
         "raw and sifted rates are larger", "communication/secret_key", _MUST),
        ("finite", "Is it a finite-key rate, with the size of a block and the chance of failure?",
         "endless keys are nobody's", "communication/photons"),
        ("decoys", "Does the protocol have decoy states, or a proof without them?",
         "pulses of two photons give bits away", "communication/photons"),
        ("neighbours", "Was it tried beside the classical light that shares the fibre?",
         "Raman light drowns single photons", "communication/fibre"),
        ("availability", "Is it said what happens when the line is cut or watched?",
         "whoever can disturb the line can stop the key", "communication/bb84"),
    ),
    *_area(
        "keys",
        ("interface", "Does it speak ETSI GS QKD 014 or 004, shown by a test?",
         "else the encryptor is bought with it", "communication/key_management", _MUST),
        ("once", "Does each key leave once, also after a crash?", "two messages under one pad open each other",
         "communication/key_management"),
        ("hybrid", "Are quantum and post-quantum keys joined by a combiner with a proof?",
         "a plain XOR can be steered", "communication/key_management"),
        ("nonce", "Is it shown that no nonce is used twice under a key?", "AES-GCM fails by one repetition",
         "communication/key_management"),
        ("empty", "Is it settled what applications do when the store is empty?",
         "sending in clear is the default of some", "networks/orchestration"),
        ("random", "Are the random numbers tested by a health test while it runs?",
         "a stuck source passes tests of the factory", "communication/random_numbers"),
    ),
    *_area(
        "network",
        ("nodes", "Is each trusted node listed, with who can enter it?",
         "every node reads every key that it relays", "communication/key_management", _MUST),
        ("paths", "Are there two disjoint paths where a node may fall?",
         "keys shared over paths need all of their nodes", "communication/quantum_network"),
        ("routing", "Does the control interface follow a standard, ETSI GS QKD 015 for one?",
         "else every maker has an island", "applications/standards"),
        ("limits", "Are callers limited, and is one flooded caller no harm to others?",
         "a flood stops the service", "networks/orchestration"),
    ),
    *_area(
        "trust",
        ("authentication", "Is it said how the classical channel is authenticated, the first time too?",
         "without it Eve sits in the middle", "communication/secret_key", _MUST),
        ("side_channels", "Is there a list of side channels that were tried, with results?",
         "blinded detectors obey Eve", "control/side_channels"),
        ("certificate", "Is there a certificate after ISO/IEC 23837 or the ETSI profile, for this version?",
         "a proof covers a model, not a box", "applications/standards"),
        ("learning", "If a model decides anything, can it shorten keys but never lengthen them?",
         "a proof does not know the model", "control/adaptive_qkd"),
        ("updates", "Are updates signed by a scheme that a quantum computer does not forge?",
         "forged firmware owns the box", "communication/key_management"),
    ),
    *_area(
        "life",
        ("energy", "Is the power stated, with cooling, so that a bit has a price?",
         "devices draw it at any rate", "applications/standards"),
        ("exit", "Can the encryptors go on with other keys when the link is given up?",
         "a lock for one key is a lock-in", "communication/key_management"),
        ("operators", "Is there somebody who can run, watch and repair it?",
         "an alarm that nobody reads is none", "control/eavesdropper_detection"),
        ("acceptance", "Is there an acceptance test with numbers, made by somebody else?",
         "who sells does not judge", "learning/comparison", _MUST),
    ),
)  # fmt: skip
"""Thirty questions. They are this book's, not a standard's; take away and add what your case needs."""

_QUESTIONS = {question.key: question for question in PROCUREMENT_QUESTIONS}


@dataclass(frozen=True)
class Assessment:
    """What answers leave open; made by :func:`assess`.

    Parameters
    ----------
    met : tuple of str
        Keys of the questions that were answered with yes.
    refused : tuple of str
        With no.
    unanswered : tuple of str
        Not at all, or with None.
    """

    met: tuple[str, ...]
    refused: tuple[str, ...]
    unanswered: tuple[str, ...]

    def __post_init__(self) -> None:
        if sorted((*self.met, *self.refused, *self.unanswered)) != sorted(_QUESTIONS):
            raise ValueError("met, refused and unanswered must hold each question once together: use assess")

    @property
    def open_musts(self) -> tuple[str, ...]:
        """Questions without which there is nothing to score, in the order of the list."""
        return tuple(q.key for q in PROCUREMENT_QUESTIONS if q.must and q.key not in self.met)

    @property
    def score(self) -> float:
        """Share of the questions that were met, between 0 and 1; refused while a must is open."""
        if self.open_musts:
            raise ValueError(
                f"there is no score while {', '.join(self.open_musts)} must still be answered with yes: points elsewhere do "
                "not make up for it"
            )
        return len(self.met) / len(PROCUREMENT_QUESTIONS)

    def missing(self) -> tuple[Question, ...]:
        """Return the questions that are not met: musts first, else in the order of the list."""
        left = [question for question in PROCUREMENT_QUESTIONS if question.key not in self.met]
        return tuple(sorted(left, key=lambda question: not question.must))


def assess(answers: Mapping[str, bool | None]) -> Assessment:
    """Sort the answers of a seller: what is met, what is refused, what was not answered.

    An answer that is not given is not taken for a yes, and points are no average of everything: as long as one of the
    questions that must be met is open, :attr:`Assessment.score` refuses.

    Parameters
    ----------
    answers : mapping of str to bool or None
        By the key of its :class:`Question`. A question that is left out counts as not answered.

    Returns
    -------
    Assessment

    Examples
    --------
    >>> all_yes = {question.key: True for question in PROCUREMENT_QUESTIONS}
    >>> assess(all_yes).score
    1.0
    >>> assess(all_yes | {"nodes": None}).score
    Traceback (most recent call last):
    ...
    ValueError: there is no score while nodes must still be answered with yes: points elsewhere do not make up for it

    References
    ----------
    The limits of which the questions are made: NSA, "Quantum Key Distribution (QKD) and Quantum Cryptography (QC)", 2020;
    ANSSI, BSI, NLNCSA and the Swedish NCSA, "Position paper on quantum key distribution", 2024.
    """
    if not isinstance(answers, Mapping):
        raise TypeError(
            f"answers must be a mapping of questions to True, False or None, not {type(answers).__name__}"
        )
    if unknown := [key for key in answers if key not in _QUESTIONS]:
        raise ValueError(f"answers has no question {unknown[0]!r}; the keys are {', '.join(_QUESTIONS)}")
    for key, answer in answers.items():
        if not (answer is None or isinstance(answer, bool)):
            raise TypeError(
                f'answers must be True, False or None, not {answer!r} for {key}: "partly" is a no'
            )
    by = {
        value: tuple(key for key in _QUESTIONS if answers.get(key) is value) for value in (True, False, None)
    }
    return Assessment(by[True], by[False], by[None])

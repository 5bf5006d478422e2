"""Adaptive security: which choices may depend on what has been seen without breaking the proof, and why."""

from dataclasses import dataclass
from typing import Literal

from qlearn._checks import as_choice

CHOICES: dict[str, str] = {
    "next_setting": "intensities, shares, basis bias and protocol of the next block",
    "next_size": "how many pulses the next block has",
    "stop": "when the running block ends",
    "parts": "which parts of a finished block are kept, and which left out",
    "length": "how long the key of a finished block is, or that there is none",
    "code": "which code corrects a finished block",
    "test_sample": "which bits of a block are compared",
    "hash_seed": "the seed of the hash that makes the key",
}
"""What can be chosen."""

SEEN: dict[str, str] = {
    "past_counts": "published counts and errors of earlier, finished blocks",
    "beacon": "a bright reference beside the quantum signal: what the channel seems to pass",
    "clicks": "how many pulses of the running block clicked, without bases, intensities and bits",
    "published_settings": "bases or intensities of pulses of the running block, published pulse by pulse",
    "test_errors": "errors of the compared bits of the same block",
    "raw_key": "bits of a raw key or of a key, of this block or of an earlier one",
}
"""What a choice can depend on."""


@dataclass(frozen=True)
class Dependence:
    """Whether a choice may depend on something; true in an `if` where it may.

    Parameters
    ----------
    allowed : bool
        Whether the proof for each block (:func:`~qlearn.communication.photons.finite_key`), and the sum of their failures, still
        hold.
    reason : str
        Why.
    condition : str
        What must be kept where it is allowed, or what would repair it where it is not.
    source : str
        Who showed it; empty where the reason is the whole argument.
    """

    allowed: bool
    reason: str
    condition: str
    source: str = ""

    def __bool__(self) -> bool:
        return self.allowed


_BEFORE = (
    "Each block's proof holds for every setting that is fixed before its first pulse, whatever came "
    "earlier, and for an Eve who "
    "knows it: so it holds given the past, and the failures of all blocks add up."
)
_BEFORE_IF = (
    "Bits, bases and intensities are still drawn at random for each pulse, and the number of blocks is "
    "bounded beforehand, or "
    "their failures are added up and told."
)
_PUBLIC_LENGTH_IF = (
    "What the code discloses is counted, and the length is at most what this block's own counts prove."
)
_SECRET = (
    "A setting shows on the line, a size, a code or a length in public messages: what depends on secret bits "
    "tells Eve of them."
)
_SECRET_IF = "None: let choices depend on what is public anyway."
_RANDOM = (
    "The sampling bound and the hash need a choice that is uniform and unknown until the pulses are received."
)
_RANDOM_IF = "Draw it afresh, from random bits, when the last pulse has been received."
_CHOSEN_AFTER = (
    "The bound fails with the stated probability for a sample that was fixed beforehand. The luckiest of many "
    "samples fails more often."
)
_PFISTER = "Pfister, Luetkenhaus, Wehner and Coles, 2016, arXiv:1506.07502"
_TAMAKI = "Tamaki, Lo, Mizutani, Kato, Lim, Azuma and Curty, 2018, arXiv:1610.06499"
_VARIABLE = "Tupkary, Tan and Luetkenhaus, 2024, arXiv:2311.01600"
_VALLONE = "Vallone et al., 2015, arXiv:1404.1272"


def _of_past(choice: str) -> Dependence:
    if choice in ("next_setting", "next_size", "stop"):
        return Dependence(True, _BEFORE, _BEFORE_IF)
    if choice == "parts":
        return Dependence(
            True,
            "Which parts are kept was decided without a look at this block: it could have been fixed before "
            "it.",
            "The rule names the parts by time or position, and says so before the block.",
        )
    return Dependence(True, _BEFORE, _PUBLIC_LENGTH_IF)


def _of_beacon(choice: str) -> Dependence:
    if choice == "parts":
        return Dependence(
            True,
            "The beacon knows neither bits nor bases, so which slots it keeps tells nothing of their "
            "errors; if Eve moves it, she "
            "chooses which pulses reach Bob, which she may do anyway.",
            "The rule looks at the beacon alone, the counts of what is kept are those that the key is made of, and the proof in "
            "use holds for a number of pulses or clicks that Eve chooses: that of finite_key is one for a size that was fixed.",
            _VALLONE,
        )
    if choice in ("length", "code"):
        return Dependence(
            True,
            "Eve can move the beacon, so it may choose among what the counts prove anyway, and prove nothing itself.",
            _PUBLIC_LENGTH_IF,
        )
    if choice == "stop":
        return Dependence(
            True,
            "The beacon knows neither bits nor bases, nor which intensity a pulse has: who moves it ends the block early, as "
            "whoever cuts the line.",
            "Nothing but the beacon is looked at, and the proof in use holds for a number of pulses or clicks that Eve "
            "chooses: that of finite_key is one for a size that was fixed.",
        )
    return Dependence(
        True,
        "The beacon is light that Eve may see and change: a choice by it is one that she could have made "
        "herself, before the pulses it is for.",
        _BEFORE_IF,
    )


def _of_clicks(choice: str) -> Dependence:
    if choice in ("length", "code"):
        return _of_errors(choice)
    if choice == "stop":
        return Dependence(
            True,
            "Eve knows which pulses clicked; a stop by their number alone favours no basis and no bit.",
            "Nothing else of the block is published before it ends, or the proof bounds errors by Azuma's "
            "inequality; the proof in use must be one for a fixed number of clicks.",
            _TAMAKI,
        )
    if choice == "parts":
        return Dependence(
            False,
            "Eve decides which pulses click, and so which parts would be kept. Where clicks do not depend on bases that may "
            "do no harm, as a stop by clicks does none; but the proof in use is about all pulses that were sent, and none "
            "for kept parts is known to this list.",
            "A proof for it, or make each part a block of its own, with its own counts and failure.",
        )
    return Dependence(True, _BEFORE, _BEFORE_IF)


def _of_published(choice: str) -> Dependence:
    if choice in ("length", "code"):
        return _of_errors(choice)
    if choice in ("next_setting", "next_size"):
        return Dependence(
            True,
            _BEFORE,
            "The running block is finished first, and publishing waits until its last pulse is received.",
        )
    return Dependence(
        False,
        "If a block ends when each basis has enough clicks, pulses are not equally likely to be tested, and "
        "Eve, who hears the bases, knows which basis is still wanted.",
        "Publish after the last pulse, or stop by a number of clicks that does not look at bases.",
        _PFISTER,
    )


def _of_errors(choice: str) -> Dependence:
    if choice in ("stop", "parts"):
        return Dependence(
            False,
            _CHOSEN_AFTER,
            "Divide the failure by the number of looks or of parts that could have been chosen: see "
            "stopping_failure and selection_failure.",
        )
    if choice == "length":
        return Dependence(
            True,
            "The length is part of the protocol, with none at all as one of its values: that is a key of "
            "variable length.",
            "The proof in use is one for variable length, and the block was not chosen by its errors.",
            _VARIABLE,
        )
    if choice == "code":
        return Dependence(
            True,
            "What correction discloses is counted as if Eve heard all of it.",
            "The bits disclosed are taken off, whichever code.",
        )
    return Dependence(True, _BEFORE, _BEFORE_IF)


_RULES = {
    "past_counts": _of_past,
    "beacon": _of_beacon,
    "clicks": _of_clicks,
    "published_settings": _of_published,
    "test_errors": _of_errors,
}

Choice = Literal["next_setting", "next_size", "stop", "parts", "length", "code", "test_sample", "hash_seed"]
Seen = Literal["past_counts", "beacon", "clicks", "published_settings", "test_errors", "raw_key"]


def may_depend(choice: Choice, seen: Seen) -> Dependence:
    """Tell whether a choice may depend on something that was seen, with the reason and the condition.

    A list, not a theorem: each entry is an argument for one block protocol, BB84 with decoys whose blocks are proved one by
    one. What stands in none of its lines is not allowed by it. A model that makes the choice changes nothing: how
    a choice was computed is not in any proof, only what went in.

    Parameters
    ----------
    choice : str
        A key of ``CHOICES``: "next_setting", "next_size", "stop", "parts", "length", "code", "test_sample", "hash_seed".
    seen : str
        A key of ``SEEN``: "past_counts", "beacon", "clicks", "published_settings", "test_errors", "raw_key".

    Returns
    -------
    Dependence
        Not allowed means: not by an argument that stands here, which is not yet an attack.

    Examples
    --------
    >>> bool(may_depend("next_setting", "past_counts")), bool(may_depend("stop", "test_errors"))
    (True, False)
    >>> may_depend("stop", "published_settings").source
    'Pfister, Luetkenhaus, Wehner and Coles, 2016, arXiv:1506.07502'

    References
    ----------
    Pfister, Luetkenhaus, Wehner and Coles, "Sifting attacks in finite-size quantum key distribution", 2016,
    arXiv:1506.07502. Tamaki et al., "Security of quantum key distribution with iterative sifting", 2018, arXiv:1610.06499.
    """
    what = as_choice(choice, CHOICES, "choice")
    of = as_choice(seen, SEEN, "seen")
    if what in ("test_sample", "hash_seed"):  # by nothing that anybody has seen
        return Dependence(False, _RANDOM, _RANDOM_IF)
    if of == "raw_key":
        return Dependence(False, _SECRET, _SECRET_IF)
    return _RULES[of](what)

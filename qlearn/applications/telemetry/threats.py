"""Threats: what each way to protect telemetry meets, what it does not, and why, cell by cell."""

from dataclasses import dataclass
from html import escape

from qlearn._checks import as_choice

THREATS = {
    "recorded": "recorded today, read by a quantum computer later",
    "stolen sensor": "a sensor is taken and its memory read",
    "last hop": "somebody at the radio listens, changes, replays",
    "denial": "the line or the radio is jammed or flooded",
    "gateway": "the gateway is taken over",
    "implementation": "leaks, bad random numbers, faults of a program or device",
}
"""What may happen, by a short name."""

PROTECTIONS = {
    "classical": "keys agreed and signed by elliptic curves, AES-256, sensor to centre",
    "post-quantum": "keys agreed by ML-KEM, signed by ML-DSA, AES-256, sensor to centre",
    "QKD and AES": "QKD from gateway to centre, AES-256; the sensor's keys by wire or under the last one",
    "QKD and pad": "QKD from gateway to centre, one-time pad; the sensor's pad loaded by wire",
}
"""Ways to protect the readings, by a short name."""

WORDS = ("meets", "partly", "no")
_HEAD = ("threat", *PROTECTIONS)


@dataclass(frozen=True)
class Answer:
    """Whether a protection meets a threat, and why.

    Parameters
    ----------
    word : str
        "meets", "partly" or "no".
    reason : str
        One or two sentences.

    Examples
    --------
    >>> threat_table().answer("denial", "QKD and pad").word
    'no'
    """

    word: str
    reason: str


_MEETS, _PARTLY, _NO = WORDS
_ANSWERS = {
    "recorded": {
        "classical": Answer(
            _NO, "Shor's algorithm finds the agreed keys from what was recorded; AES-256 itself would stand."
        ),
        "post-quantum": Answer(
            _PARTLY, "No attack is known, and none is proved impossible: lattices were studied for decades."
        ),
        "QKD and AES": Answer(
            _PARTLY,
            "No agreement is recorded on either hop. AES-256 has no proof; and keys sent under the last one fall with it.",
        ),
        "QKD and pad": Answer(
            _MEETS, "On both hops, as long as each pad is random, used once and erased: no computer helps."
        ),
    },
    "stolen sensor": {
        "classical": Answer(
            _PARTLY,
            "Its own key is lost until it is revoked: a thief reads and sends. Earlier readings stand if keys were erased.",
        ),
        "post-quantum": Answer(
            _PARTLY, "The same: its key is lost, keys agreed afresh and erased protect earlier readings."
        ),
        "QKD and AES": Answer(
            _PARTLY,
            "The same, until the dock; a ratchet and erased keys protect earlier readings. QKD ends at the gateway.",
        ),
        "QKD and pad": Answer(
            _PARTLY, "Used pads are gone if erased, and flash may keep copies. The pad for later is lost."
        ),
    },
    "last hop": {
        "classical": Answer(
            _MEETS, "Against today's computers: sealed to the centre, numbers against replay."
        ),
        "post-quantum": Answer(_MEETS, "Sealed to the centre, numbers against replay; computational."),
        "QKD and AES": Answer(
            _MEETS,
            "By AES and a replay window, not by QKD: no photon goes from sensor to gateway. Computational.",
        ),
        "QKD and pad": Answer(
            _MEETS, "By the loaded pad and its one-time tag, not by QKD: no photon goes there."
        ),
    },
    "denial": {
        "classical": Answer(_NO, "No cipher makes a jammed radio heard."),
        "post-quantum": Answer(
            _NO, "The same; and long handshakes give a flood more to start and a jammer more to hit."
        ),
        "QKD and AES": Answer(
            _NO, "Worse: whoever disturbs the fibre stops the keys. Old keys carry on for a while, by policy."
        ),
        "QKD and pad": Answer(
            _NO, "Worst: without new pad there is silence. A pad that is used up cannot be stretched."
        ),
    },
    "gateway": {
        "classical": Answer(
            _MEETS, "Sealed from sensor to centre, it carries what it cannot read. It can still drop it."
        ),
        "post-quantum": Answer(_MEETS, "The same: it is no end of the agreement. It can still drop frames."),
        "QKD and AES": Answer(
            _NO,
            "It is a trusted node: it handles the sensors' keys. Less is lost if it forgets them after the dock.",
        ),
        "QKD and pad": Answer(_NO, "A trusted node, too: the pad goes through it to the dock."),
    },
    "implementation": {
        "classical": Answer(_PARTLY, "Decades of hardened programs; side channels remain."),
        "post-quantum": Answer(_PARTLY, "Younger programs, more memory and time in which they leak."),
        "QKD and AES": Answer(
            _PARTLY,
            "All of this to harden, and besides it detectors and lasers with side channels of their own.",
        ),
        "QKD and pad": Answer(
            _PARTLY,
            "The same; and a pad used twice, after a reboot or a restored copy, tells two readings.",
        ),
    },
}


@dataclass(frozen=True)
class ThreatTable:
    """Which protection meets which threat; made by :func:`threat_table`. A notebook shows the words as a table.

    Parameters
    ----------
    answers : dict
        For each threat, for each protection, an :class:`Answer`.

    Examples
    --------
    >>> threat_table().words("gateway")
    ('meets', 'meets', 'no', 'no')
    """

    answers: dict[str, dict[str, Answer]]

    def answer(self, threat: str, protection: str) -> Answer:
        """Return one cell, with its reason."""
        as_choice(threat, THREATS, "threat")
        as_choice(protection, PROTECTIONS, "protection")
        return self.answers[threat][protection]

    def words(self, threat: str) -> tuple[str, ...]:
        """Return the words of one row, in the order of :data:`PROTECTIONS`."""
        return tuple(self.answer(threat, protection).word for protection in PROTECTIONS)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
        body = "".join(
            f'<tr><th scope="row">{escape(threat)}</th>'
            + "".join(
                f"<td><b>{cell.word}</b>: {escape(cell.reason)}</td>"
                for cell in self.answers[threat].values()
            )
            + "</tr>"
            for threat in THREATS
        )
        return (
            '<div class="qlearn-verdicts" role="region" tabindex="0" aria-label="Threats and protections" '
            'style="overflow-x:auto"><table>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def __repr__(self) -> str:
        table = (_HEAD, *((threat, *self.words(threat)) for threat in THREATS))
        widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in table
        )


def threat_table() -> ThreatTable:
    """Return which of four ways to protect telemetry meets which of six threats, each cell with its reason.

    "partly" says that something that is not proved, or that somebody has to do besides, decides. The words are judgements
    for the arrangement of :data:`PROTECTIONS`; another one, such as a sensor that makes its agreement with the gateway,
    changes them.

    Returns
    -------
    ThreatTable

    Examples
    --------
    >>> threat_table()
    threat          classical  post-quantum  QKD and AES  QKD and pad
    recorded        no         partly        partly       meets
    stolen sensor   partly     partly        partly       partly
    last hop        meets      meets         meets        meets
    denial          no         no            no           no
    gateway         meets      meets         no           no
    implementation  partly     partly        partly       partly

    References
    ----------
    Shor, SIAM J. Comput. 26, 1484 (1997), arXiv:quant-ph/9508027, for the first row.
    """
    return ThreatTable({threat: dict(row) for threat, row in _ANSWERS.items()})

"""Line attacks: what each does to the clicks, errors and arrival times of the pulses that Eve touches."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from qlearn._checks import as_choice, as_probability, as_real
from qlearn._types import Array
from qlearn.communication.photons import PhotonNumberSplitting, gain, photon_probabilities
from qlearn.control.eavesdropper_detection.monitored_link import LineState, MonitoredLink, Where
from qlearn.qubits.entropies import binary_entropy


@runtime_checkable
class LineAttack(Protocol):
    """Anything that says what becomes of the pulses it touches: three properties and two methods.

    Its information is about the bit of Alice or of Bob, whichever she knows more of.

    Examples
    --------
    >>> [isinstance(eve, LineAttack) for eve in (TimeShift(), Blinding(), PhotonSplitting(), "Eve")]
    [True, True, True, False]
    """

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    @property
    def fraction(self) -> float:
        """Share of the pulses that it touches, 0 to 1."""
        ...

    @property
    def offsets(self) -> tuple[tuple[float, float], ...]:
        """Shares of the touched clicks and by how many jitters each is late."""
        ...

    def response(self, mu: float, where: Where, state: LineState) -> Array:
        """Return the chances of (right, wrong, both) detectors for a touched pulse, shape (3, n)."""
        ...

    def information(self, state: LineState) -> Array:
        """Return the bits that Eve has of a sifted signal bit of a touched pulse, shape (n,)."""
        ...


@dataclass(frozen=True)
class Intercept:
    r"""Eve measures a fraction of the pulses at Alice's door, and sends what she found with as many photons.

    .. math:: e_Z = e + r\,q_X\bigl(\tfrac12 - e\bigr), \qquad e_X = e + r\,(1 - q_X)\bigl(\tfrac12 - e\bigr)

    With :math:`q_X = 1/2` that is :math:`e + r(1/4 - e/2)` in both. She who measures in one basis only is not seen in it.
    An *aligned* Eve carries the touched pulses over a line without misalignment, and measures only some of them:
    :func:`Intercept.instead_of_noise` leaves the error rate what it was.

    Parameters
    ----------
    fraction : float
        r, of the pulses.
    p_x : float
        q_X, how often she measures in X.
    aligned : bool
        Whether she also removes the misalignment of the pulses that she touches.
    measured : float
        Share of the touched pulses that she measures; the others only take her line.
    name : str
        What tables call it.

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import MonitoredLink
    >>> state = MonitoredLink().state()
    >>> right, wrong, both = Intercept().response(0.5, "Z", state)[:, 0]
    >>> round(float((wrong + both / 2) / (right + wrong + both)), 4)
    0.2667

    References
    ----------
    Bennett et al., J. Cryptology 5, 3 (1992), doi:10.1007/BF00191318.
    """

    fraction: float = 0.1
    p_x: float = 0.5
    aligned: bool = False
    measured: float = 1.0
    name: str = "intercept"

    def __post_init__(self) -> None:
        as_probability(self.fraction, "fraction")
        as_probability(self.measured, "measured")
        as_probability(self.p_x, "p_x")

    @classmethod
    def instead_of_noise(cls, error: float, name: str = "intercept instead of noise") -> "Intercept":
        r"""Return the attack on all pulses that puts Eve's errors in place of the line's own, `error`, at most 1/4.

        .. math:: P(\text{both} \mid 2\text{ photons}) = 2e(1-e) \;\to\; 4e \cdot \tfrac12 \cdot \tfrac12 = e

        Single photons come with the law that they had. *Several photons of one laser pulse* do not: on a misaligned line they
        err one by one, and those that she sends in a wrong basis are split by a coin, but there are fewer such pulses. So the
        double clicks in equal bases betray her: with background aside, about half as many as before. An Eve who touches
        single photons alone leaves those, too; that is :func:`masked_intercept`, and no attack on laser pulses here.

        Parameters
        ----------
        error : float
            Error rate of the line by misalignment, 0 to 1/4.
        name : str
            What tables call it.

        Returns
        -------
        Intercept

        Examples
        --------
        >>> from qlearn.control.eavesdropper_detection import MonitoredLink
        >>> line = MonitoredLink().state()
        >>> eve = Intercept.instead_of_noise(float(line.misalignment[0]))
        >>> quiet, hers = line.honest(0.5, "Z")[:, 0], eve.response(0.5, "Z", line)[:, 0]
        >>> [round(float((wrong + both / 2) / (right + wrong + both)), 3) for right, wrong, both in (quiet, hers)]
        [0.033, 0.033]
        >>> round(float(hers[2] / quiet[2]), 2)
        0.52
        """
        return cls(1.0, aligned=True, measured=4 * as_real(error, "error", least=0, most=0.25), name=name)

    @property
    def offsets(self) -> tuple[tuple[float, float], ...]:
        """Her pulses leave on time."""
        return ((1.0, 0.0),)

    def response(self, mu: float, where: Where, state: LineState) -> Array:
        """Return the chances of (right, wrong, both) detectors; see :class:`LineAttack`."""
        as_choice(where, ("Z", "X", "other"), "where")
        wrong = np.zeros_like(state.misalignment) if self.aligned else state.misalignment
        split = state.honest(mu, "other")
        passed = state.fires(lambda z: np.exp(-mu * (1 - z)), state.transmittance, wrong)
        if (
            where == "other"
        ):  # whatever p_x is, half of her pulses are in Bob's basis; the bit is a coin there
            read = (passed + passed[[1, 0, 2]]) / 4 + split / 2
            passed = split
        else:
            hers = self.p_x if where == "X" else 1 - self.p_x
            read = hers * passed + (1 - hers) * split
        return self.measured * read + (1 - self.measured) * passed

    def information(self, state: LineState) -> Array:
        """Return the bits she has of a sifted bit: one where her basis was Alice's and a photon was there."""
        clicks = gain(state.signal, state.transmittance, link=state.link)
        dark = state.link.background * np.exp(-state.signal)
        empty = np.divide(dark, clicks, out=np.ones_like(clicks), where=clicks > 0)
        in_x = state.p_x**2 / (state.p_x**2 + (1 - state.p_x) ** 2)  # of the sifted bits
        same = self.p_x * in_x + (1 - self.p_x) * (1 - in_x)
        return np.asarray(same * self.measured * (1 - empty))


@dataclass(frozen=True)
class TimeShift:
    r"""Eve sends pulses early or late, to where one of Bob's detectors sees better than the other.

    .. math:: I = 1 - h\Bigl(\frac{\eta}{\eta + \eta'}\Bigr)

    bits a sifted bit from one photon, and no errors of hers. Background, and pulses that are bright at Bob's, leave her
    less: :meth:`information` is the mutual information of Bob's bit and the detector that she favoured. She makes up for
    the lost clicks by a better line as far as there is one.

    Parameters
    ----------
    fraction : float
        Of the pulses.
    efficiencies : tuple of (float, float)
        Of the favoured detector and the other, relative to an unshifted pulse.
    shift : float
        In standard deviations of the arrival time (jitters).
    early : float
        Share of the touched pulses that are early; the others are late. 1 looks like a clock that is off.
    name : str
        What tables call it.

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import MonitoredLink
    >>> lines = [MonitoredLink(transmittance=t).state() for t in (0.1, 1e-5)]
    >>> [float(TimeShift(efficiencies=(0.2, 0.05)).information(line)[0].round(3)) for line in lines]
    [0.277, 0.005]

    References
    ----------
    Qi, Fung, Lo and Ma, Quantum Inf. Comput. 7, 73 (2007), arXiv:quant-ph/0512080.
    """

    fraction: float = 1.0
    efficiencies: tuple[float, float] = (1.0, 0.3)
    shift: float = 1.5
    early: float = 0.5
    name: str = "time shift"

    def __post_init__(self) -> None:
        as_probability(self.fraction, "fraction")
        good, poor = (as_probability(eta, "efficiencies") for eta in self.efficiencies)
        if not 0 < good >= poor:
            raise ValueError(
                f"efficiencies must name the favoured detector first, above 0 and no lower, not {self.efficiencies}"
            )
        as_real(self.shift, "shift", least=0)
        as_probability(self.early, "early")

    @property
    def offsets(self) -> tuple[tuple[float, float], ...]:
        """Early ones and late ones."""
        return ((self.early, -self.shift), (1 - self.early, self.shift))

    def response(self, mu: float, where: Where, state: LineState) -> Array:
        """Return the chances of (right, wrong, both) detectors; see :class:`LineAttack`."""
        as_choice(where, ("Z", "X", "other"), "where")
        first, second = self._by_detector(mu, 0.5 if where == "other" else state.misalignment, state)
        return (first + second) / 2

    def _by_detector(self, mu: float, wrong: Array | float, state: LineState) -> tuple[Array, Array]:
        """Return the chances of (right, wrong, both) where she favours the right detector, and where the wrong one."""
        better = np.minimum(state.transmittance * 2 / sum(self.efficiencies), 1.0)

        def light(z: Array) -> Array:
            return np.exp(-mu * (1 - z))

        good, poor = self.efficiencies
        return state.fires(light, better, wrong, (good, poor)), state.fires(
            light, better, wrong, (poor, good)
        )

    def information(self, state: LineState) -> Array:
        """Return the bits she has of a sifted bit of Bob's: how much likelier the favoured detector is than the other."""
        first, second = self._by_detector(state.signal, state.misalignment, state)
        # The favoured one is the right one in the first case, the wrong one in the second; a coin where both clicked.
        favoured = first[0] + second[1] + (first[2] + second[2]) / 2
        clicks = first.sum(axis=0) + second.sum(axis=0)
        return np.asarray(
            1 - binary_entropy(np.divide(favoured, clicks, out=np.full_like(clicks, 0.5), where=clicks > 0))
        )


@dataclass(frozen=True)
class Blinding:
    r"""Eve blinds Bob's detectors and makes them click by flashes in a basis of hers, where she saw a photon.

    A flash of between one and two thresholds clicks only where Bob's basis is hers, and never in both detectors
    (:func:`~qlearn.communication.eavesdropping.blinded_exchange`). She flashes as often as keeps the clicks of signal
    pulses; weak pulses then click :math:`(1-e^{-\nu})/(1-e^{-\mu})` times as often, instead of about :math:`\nu/\mu`.

    Parameters
    ----------
    fraction : float
        Of the pulses.
    errors : float
        Share of the flashes whose bit she flips: a line without any error would be noticed. 0 to 1/2.
    name : str
        What tables call it.

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import MonitoredLink
    >>> (Blinding().response(0.5, "X", MonitoredLink().state()) * 1e3).round(3)[:, 0]
    array([2.25, 0.  , 0.  ])

    References
    ----------
    Lydersen et al., Nature Photonics 4, 686 (2010), arXiv:1008.4593.
    """

    fraction: float = 1.0
    errors: float = 0.0
    name: str = "blinding"

    def __post_init__(self) -> None:
        as_probability(self.fraction, "fraction")
        as_real(self.errors, "errors", least=0, most=0.5)

    @property
    def offsets(self) -> tuple[tuple[float, float], ...]:
        """Her flashes are on time."""
        return ((1.0, 0.0),)

    def response(self, mu: float, where: Where, state: LineState) -> Array:
        """Return the chances of (right, wrong, both) detectors; see :class:`LineAttack`."""
        as_choice(where, ("Z", "X", "other"), "where")
        clicks = gain(state.signal, state.transmittance, link=state.link)
        # Half of her flashes are in Bob's basis; she cannot flash more often than a photon comes.
        flashes = np.minimum(2 * clicks / -np.expm1(-state.signal), 1.0)
        seen = flashes * -np.expm1(-mu) / 2
        flipped = 0.5 if where == "other" else self.errors
        return np.array([seen * (1 - flipped), seen * flipped, np.zeros_like(seen)])

    def information(self, state: LineState) -> Array:
        """Return 1: Bob's bit is what she told him."""
        return np.ones_like(state.transmittance)


@dataclass(frozen=True)
class PhotonSplitting:
    r"""Eve counts photons, blocks single ones, keeps one of several, and sends the others through a better line.

    :class:`~qlearn.communication.photons.PhotonNumberSplitting` on a fraction of the pulses, by the chances of its
    clicks. Before her line a pulse of mean :math:`\mu` has m photons left, with

    .. math:: \langle z^m\rangle = e^{-\mu}\Bigl[1 + \mu\,(b + (1-b) z) + \frac{e^{\mu z} - 1 - \mu z}{z}\Bigr]

    Parameters
    ----------
    fraction : float
        Of the pulses.
    block : float
        b, share of the single photons that she blocks.
    forward : float
        Transmittance of her line.
    name : str
        What tables call it.

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import MonitoredLink
    >>> eve, line = PhotonSplitting.unseen(MonitoredLink()), MonitoredLink().state()
    >>> [float(f.sum(axis=0)[0].round(6)) for mu in (0.5, 0.1) for f in (line.honest(mu, "Z"), eve.response(mu, "Z", line))]
    [0.002249, 0.002249, 0.000452, 0.000104]

    References
    ----------
    Brassard et al., Phys. Rev. Lett. 85, 1330 (2000), arXiv:quant-ph/9911054.
    """

    fraction: float = 1.0
    block: float = 1.0
    forward: float = 1.0
    name: str = "photon-number splitting"

    def __post_init__(self) -> None:
        as_probability(self.fraction, "fraction")
        as_probability(self.block, "block")
        as_probability(self.forward, "forward")

    @classmethod
    def unseen(
        cls, monitored: MonitoredLink, fraction: float = 1.0, name: str = "photon-number splitting"
    ) -> "PhotonSplitting":
        """Return the attack that leaves the clicks of the signal pulses, in number, what they are on the line as it stands.

        It is seen in the weak pulses, in double clicks, and where the line drifts: hers does not, and the clicks spread less.
        """
        eve = PhotonNumberSplitting.unseen(
            monitored.source.intensities[0], monitored.transmittance, link=monitored.receiver
        )
        return cls(fraction, eve.block, eve.forward, name)

    @property
    def offsets(self) -> tuple[tuple[float, float], ...]:
        """Her line is as long as theirs."""
        return ((1.0, 0.0),)

    def response(self, mu: float, where: Where, state: LineState) -> Array:
        """Return the chances of (right, wrong, both) detectors; see :class:`LineAttack`."""
        as_choice(where, ("Z", "X", "other"), "where")
        wrong = 0.5 if where == "other" else state.misalignment

        def left(z: Array) -> Array:
            # z is 0 only for perfect detectors on a perfect line; there the last term is 0 too.
            several = np.divide(np.expm1(mu * z) - mu * z, z, out=np.zeros_like(z), where=z > 0)
            return np.exp(-mu) * (1 + mu * (self.block + (1 - self.block) * z) + several)

        return state.fires(left, self.forward, wrong)

    def information(self, state: LineState) -> Array:
        """Return the share of the touched signal clicks that came from two photons or more: she has their bit."""
        few = photon_probabilities(state.signal, 1)
        eta, dark = self.forward * state.link.receiver_efficiency, state.link.background
        single = few[1] * (1 - (1 - dark) * (1 - (1 - self.block) * eta))
        clicks = self.response(state.signal, "other", state).sum(axis=0)
        unknown = few[0] * dark + single
        return 1 - np.divide(unknown, clicks, out=np.ones_like(clicks), where=clicks > 0)


def known_attacks(monitored: MonitoredLink) -> dict[str, LineAttack]:
    """Return the four textbook attacks by name, at strengths that a block of a million pulses leaves in doubt.

    Parameters
    ----------
    monitored : MonitoredLink
        The line: photon-number splitting is set so that its signal clicks stay.

    Returns
    -------
    dict of str to LineAttack

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import MonitoredLink
    >>> list(known_attacks(MonitoredLink()))
    ['intercept', 'time shift', 'blinding', 'photon-number splitting']
    """
    attacks: list[LineAttack] = [
        Intercept(0.05),
        TimeShift(0.03),
        Blinding(0.3),
        PhotonSplitting.unseen(monitored, 0.3),
    ]
    return {attack.name: attack for attack in attacks}


def hidden_attacks(monitored: MonitoredLink) -> dict[str, LineAttack]:
    """Return attacks for the test alone, by name: those that a detector was not shown.

    An interceptor who measures in Z alone; one who removes the line's own errors and puts hers in their place; a
    one-sided time shift, which looks like a clock that is off; a blinder who imitates the errors.

    Parameters
    ----------
    monitored : MonitoredLink
        The line whose errors they imitate.

    Returns
    -------
    dict of str to LineAttack

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import MonitoredLink
    >>> list(hidden_attacks(MonitoredLink()))
    ['intercept in Z alone', 'intercept instead of noise', 'all pulses early', 'blinding with errors']
    """
    noise = monitored.receiver.misalignment
    attacks: list[LineAttack] = [
        Intercept(0.05, p_x=0.0, name="intercept in Z alone"),
        Intercept.instead_of_noise(noise),
        TimeShift(0.03, early=1.0, name="all pulses early"),
        Blinding(0.3, errors=noise, name="blinding with errors"),
    ]
    return {attack.name: attack for attack in attacks}

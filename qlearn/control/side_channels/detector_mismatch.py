"""Detector mismatch: what is left of the key where the two detectors differ, if nothing that was seen is thrown away."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_probabilities, as_reals, broadcast
from qlearn._types import Array
from qlearn.communication.fibre import mismatch_secrecy
from qlearn.qubits.entropies import binary_entropy


def mismatch_key_rate(eta: ArrayLike, qber: ArrayLike = 0.0) -> Array:
    r"""Return the secret bits for each photon that arrives in the right basis, with detectors of efficiencies 1 and eta.

    .. math:: r = \frac{1+\eta}{2}\Bigl[h\Bigl(\frac{1}{1+\eta}\Bigr) - h\Bigl(\frac{1 - \sqrt{x^2 + z^2}}{2}\Bigr) - h(e)\Bigr],
              \qquad x = (1 - 2e)\,\frac{2\sqrt\eta}{1+\eta}, \quad z = \frac{1 - \eta}{1 + \eta}

    Without errors the square root is 1 and :math:`\frac{1+\eta}{2}\,h\bigl(\frac{1}{1+\eta}\bigr)` is left. The formula is the
    *smallest* value that any state of Alice's and Bob's qubits allows on a symmetric line, so a better bound takes more
    knowledge of the state. It is a bound for these clicks as they are, and not the best use of them: with many errors or very
    unequal detectors :func:`~qlearn.communication.fibre.discarding_rate` leaves more.

    Proof: what Eve lacks is :math:`D(\tilde\rho\,\|\,\Delta\tilde\rho)` of
    :func:`~qlearn.communication.fibre.mismatch_secrecy`. A CNOT from Alice's qubit to Bob's writes on Bob's whether Z has an
    error; dephasing it makes D no larger and leaves one qubit of Alice for each of the two cases, with z, and with -z. The two
    coherences :math:`x_0, x_1` have the given mean :math:`(1-e)x_0 + e x_1 = x`, and D is convex in them: it is smallest where
    they are equal, and a line with independent bit and phase errors, both e, makes them so.

    :func:`~qlearn.communication.fibre.mismatch_rate` is a little lower with errors, since it mixes the two cases; times
    :math:`(1+\eta)/2` it is safe as well.

    Not to be used with the error rate of the *clicks* alone: Eve may lay the errors of X upon the weak detector, where few
    are counted, and leave less (the tests have a state that does). What was measured is for
    :func:`~qlearn.communication.fibre.counted_mismatch_rate`.

    It holds for at most one photon at Bob, an eta that is known, the same in both bases and not Eve's to choose (no time
    shift), errors corrected at Shannon's limit, endless keys, and attacks on each pulse alike.

    Parameters
    ----------
    eta : array_like of float, shape (...)
        Efficiency of the worse detector over that of the better one, 0 to 1.
    qber : array_like of float, shape (...)
        e, the chance that the line turns a bit, in either basis and on its way to either detector, 0 to 1/2; broadcasts.

    Returns
    -------
    ndarray of float, shape (...)
        Bits; negative where errors cost more than there is.

    Examples
    --------
    >>> mismatch_key_rate([1, 0.5, 0.1]).round(4)
    array([1.    , 0.6887, 0.2417])
    >>> mismatch_key_rate(0.8, [0.0, 0.03, 0.11]).round(4)
    array([ 0.892 ,  0.5438, -0.0037])

    References
    ----------
    Proved above. Bochkov and Trushechkin, Phys. Rev. A 99, 032308 (2019), arXiv:1810.04663, prove tight bounds of this kind.
    """
    ratio, e = broadcast(
        eta=as_probabilities(eta, "eta", "ratios of two efficiencies"),
        qber=as_reals(qber, "qber", least=0, most=0.5),
    )
    z = (1 - ratio) / (1 + ratio)
    x = (1 - 2 * e) * 2 * np.sqrt(ratio) / (1 + ratio)
    return np.asarray((1 + ratio) / 2 * (mismatch_secrecy(x, z) - binary_entropy(e)))

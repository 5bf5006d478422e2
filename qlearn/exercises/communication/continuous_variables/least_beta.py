"""The least efficiency of a code that leaves a key."""

from qlearn.communication import continuous_variables as cv
from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "0.927: of what Bob's readings tell Alice, Eve may know so large a part. A code that brings in 90 % earns "
        "nothing here; a dimmer laser would need less."
    ),
    because=r"""
        $\beta I_{AB} - \chi_{BE}$ is zero at $\beta = \chi_{BE} / I_{AB}$. Brighter light raises both, and from
        half a unit on their quotient too: the nearer it comes to 1, the better the codes must be. This is why the
        best modulation depends on $\beta$.
    """,
)
def least_beta():
    r"""50 km of fibre ($T = 0.1$), $V_A = 18.5$, $\xi = 0.01$, and a trusted homodyne detector with $\eta =
    0.6$, $v_\text{el} = 0.01$. From which reconciliation efficiency $\beta$ on is there a key? Given:
    `cv`.
    """
    line = {"modulation_variance": 18.5, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
    return float(cv.holevo_bound(0.1, **line) / cv.mutual_information(0.1, **line))


@least_beta.mistake("as a share, please, not in per cent.")
def per_cent():
    line = {"modulation_variance": 18.5, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
    return 100 * float(cv.holevo_bound(0.1, **line) / cv.mutual_information(0.1, **line))


@least_beta.mistake("upside down: beta times I_AB has to reach chi_BE.")
def upside_down():
    line = {"modulation_variance": 18.5, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
    return float(cv.mutual_information(0.1, **line) / cv.holevo_bound(0.1, **line))


@least_beta.mistake("above 1: with an untrusted detector no code is good enough. Here it is trusted.")
def untrusted():
    line = {"modulation_variance": 18.5, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
    return float(cv.holevo_bound(0.1, trusted=False, **line) / cv.mutual_information(0.1, **line))


@least_beta.mistake("this is the rate at beta = 1. Which share of I_AB pays for Eve?")
def the_rate():
    line = {"modulation_variance": 18.5, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
    return float(cv.mutual_information(0.1, **line) - cv.holevo_bound(0.1, **line))


@least_beta.mistake("this is the answer for V_A = 4; here it is 18.5.")
def another_modulation():
    line = {"modulation_variance": 4, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
    return float(cv.holevo_bound(0.1, **line) / cv.mutual_information(0.1, **line))

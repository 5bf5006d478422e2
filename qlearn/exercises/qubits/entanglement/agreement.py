"""How often the halves of a pair agree along two directions."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="(1 + cos 60°)/2 = 3/4. Her answer tells his state; the rest is Born's rule.",
    because=r"""
        $T = \mathrm{diag}(1,-1,1)$, so $E = \vec a^{\mathsf T} T\, \vec b = \cos 60° = \tfrac12$, and the answers
        agree with chance $(1+E)/2 = \tfrac34$.
    """,
)
def agreement():
    r"""Of a pair in $\Phi^+$ Alice measures Z. Bob measures along a direction in the X-Z plane of the Bloch
    sphere, 60° from Z. With which chance are their answers the same? By hand, as a share between 0 and 1.
    """
    return (1 + 1 / 2) / 2


@agreement.mistake("0.5 is cos 60°, the mean product E of the signs. They agree with chance (1 + E)/2.")
def the_mean_product():
    return 0.5


@agreement.mistake("0.25 is the chance that they differ.")
def the_chance_to_differ():
    return 0.25


@agreement.mistake("they agree always only along the same direction; his is turned by 60°.")
def always():
    return 1


@agreement.mistake("cos 30° is the amplitude. The chance is its square.")
def the_amplitude():
    return 0.75**0.5


@agreement.mistake("the angle is halved once: 60° on the sphere are 30° between the kets, not 15°.")
def halved_twice():
    return (2 + 3**0.5) / 4


@agreement.mistake(
    "a share of 2 in 3 falls in a straight line with the angle, from 1 at 0° to 0 at 180°, as a list of answers may. The "
    "chance is the squared cosine of half the angle."
)
def in_proportion():
    return 2 / 3


@agreement.mistake("as a share between 0 and 1, please: 75 % is 0.75.")
def per_cent():
    return 75

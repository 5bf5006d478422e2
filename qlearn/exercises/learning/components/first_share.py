"""The larger eigenvalue of a cloud in the plane, by hand."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="4/6: along (1, 1) lies two thirds of the variance. The arrow has length 1/3.",
    because=r"""
        The covariance takes $(1,1)$ to $4\,(1,1)$ and $(1,-1)$ to $2\,(1,-1)$. Divided by the trace 6 the
        eigenvalues are 2/3 and 1/3, which is $(1\pm r)/2$ with an arrow of length $r=1/3$.
    """,
)
def first_share():
    r"""A cloud in the plane has the covariance $\begin{pmatrix}3&1\\1&3\end{pmatrix}$. As a qubit: what is
    the larger eigenvalue of its density matrix? By hand.
    """
    return (3 + 1) / (3 + 3)


@first_share.mistake(
    "4 is the eigenvalue of the covariance. As a density matrix it is divided by its trace, 6."
)
def not_divided():
    return 4.0


@first_share.mistake(
    "1/2 is what stands on the diagonal. The largest eigenvalue is never smaller than that, and here the off-"
    "diagonal element makes it larger."
)
def diagonal():
    return 0.5


@first_share.mistake("1/3 is the share of the other component. The two shares sum to 1.")
def the_other_one():
    return 1 / 3


@first_share.mistake("1/6 is the off-diagonal element. The eigenvalues lie that far above and below 1/2.")
def off_the_diagonal():
    return 1 / 6


@first_share.mistake("2 is the smaller eigenvalue of the covariance, and not divided by the trace, 6.")
def smaller_and_not_divided():
    return 2.0


@first_share.mistake(
    "that divides by the root of 20, the length of the table as a vector. A density matrix has trace 1: divide by 6."
)
def divided_by_the_length():
    return 4 / 20**0.5

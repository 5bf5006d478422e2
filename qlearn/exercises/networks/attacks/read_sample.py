"""The input and the label behind a gradient."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="one division: a gradient of one sample is the sample, and it does not matter what the model says.",
    because=r"""
        With $p=\sigma(w\cdot x+b)$ the loss $-\ln p$ of the true label has the gradients $(p-y)\,x$ and $p-y$. Their quotient is
        x. As $0<p<1$, the sign of $p-y$ is the label: below zero for y = 1. In any dense layer with
        an offset each unit has these two, with the slope of the loss in its output for $p-y$: where that is not zero, the
        input of the layer can be read from the gradient of one sample, whatever stands behind it. Of a batch the quotient is
        a weighted mean of the inputs, with weights that may be negative.
    """,
)
def read_sample(for_weights, for_offset):
    r"""A client sends the gradient of its loss for a *single* sample x, an array, with the label y, 0 or 1. Its model is
    logistic, $p(y=1)=\sigma(w\cdot x+b)$ with $\sigma(s)=1/(1+e^{-s})$, and the loss is minus the logarithm of the probability of
    the label. `for_weights` is the gradient in w, an array, and `for_offset` that in b, a number. Return `(x, y)`.
    """
    return for_weights / for_offset, int(for_offset < 0)


@read_sample.cases
def samples(rng):
    """Both labels, of models that are right, wrong, and sure of it; one feature to six, some of them zero."""
    yield np.array([-0.236638030528, 0.315517374038, -0.118319015264]), -0.157758687019
    for label in (0, 1):
        for score in (-6, -0.5, 0, 0.5, 6):
            x = rng.normal(size=int(rng.integers(1, 7))) * 10 ** rng.uniform(-1, 1)
            x[1::3] = 0
            error = float(1 / (1 + np.exp(-score - rng.uniform(-0.4, 0.4))) - label)
            yield error * x, error


@read_sample.mistake("that is (p - y) x: divide by p - y, the gradient in the offset.")
def not_divided(for_weights, for_offset):
    return for_weights, int(for_offset < 0)


@read_sample.mistake("upside down: x is the gradient in the weights over that in the offset.")
def upside_down(for_weights, for_offset):
    with np.errstate(divide="ignore"):
        return for_offset / for_weights, int(for_offset < 0)


@read_sample.mistake("you multiply where one divides: (p - y) x is x, p - y times.")
def multiplied(for_weights, for_offset):
    return for_weights * for_offset, int(for_offset < 0)


@read_sample.mistake("x has the wrong sign: both gradients carry p - y, sign and all, and it cancels.")
def wrong_sign(for_weights, for_offset):
    return -for_weights / for_offset, int(for_offset < 0)


@read_sample.mistake(
    "where the label is 1, x has the wrong sign: divide by p - y itself, which is negative there."
)
def by_its_size(for_weights, for_offset):
    return for_weights / abs(for_offset), int(for_offset < 0)


@read_sample.mistake("x is right, y is not: p is below 1, so for y = 1 the difference p - y is negative.")
def label_exchanged(for_weights, for_offset):
    return for_weights / for_offset, int(for_offset > 0)


@read_sample.mistake(
    "x is right. The number you give for y is p - y or a part of it: the label is 0 or 1, and its sign tells which."
)
def no_label(for_weights, for_offset):
    return for_weights / for_offset, for_offset


@read_sample.mistake("x is right; y is 1 for every sample of yours.")
def always_one(for_weights, for_offset):
    return for_weights / for_offset, 1


@read_sample.mistake("x is right; y is 0 for every sample of yours.")
def always_zero(for_weights, for_offset):
    return for_weights / for_offset, 0


@read_sample.mistake(
    "x is right. For y you ask whether p - y is large; small or large, its sign is the label."
)
def by_half(for_weights, for_offset):
    return for_weights / for_offset, int(abs(for_offset) > 0.5)


@read_sample.mistake("x has length 1 now: its direction is right, and its length can be read too.")
def normalised(for_weights, for_offset):
    return for_weights / np.sign(for_offset) / np.linalg.norm(for_weights), int(for_offset < 0)

"""Read update."""

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="One division and one sign: an update of one sample is the sample.",
    because=r"""
        The gradients are $(p-y)\,x$ and $p-y$, with $0<p<1$. Their ratio is $x$; the sign of $p-y$ tells $y$. The
        quantum network has the same two in its readout, with $z(x)$ for $x$: the chapter inverts that too.
    """,
)
def read_update(before, after, rate):
    """A client of a federated *logistic regression* has a single patient and makes one step of plain
    gradient descent. Write `read_update(before, after, rate)`, where `before` and `after` are
    `(weights, offset)`: return `(features, label)` of that patient, exactly.
    """
    for_weights = (before[0] - after[0]) / rate  # (p - y) x
    for_offset = (before[1] - after[1]) / rate  # p - y
    return for_weights / for_offset, int(for_offset < 0)


@read_update.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_read_update of the old module
    yield ()


@read_update.mistake(
    "that is (p - y) x, the gradient of the weights: the offset's gradient is p - y. Divide."
)
def not_divided(before, after, rate):
    return (before[0] - after[0]) / rate, int(before[1] < after[1])


@read_update.mistake("the features have the wrong sign: both gradients are (before - after) / rate.")
def wrong_sign(before, after, rate):
    g = before[1] - after[1]
    return (after[0] - before[0]) / g, int(g < 0)


@read_update.mistake(
    "the features are right, the label is not: for y = 1 the offset's gradient p - y is negative."
)
def label_exchanged(before, after, rate):
    g = before[1] - after[1]
    return (before[0] - after[0]) / g, int(g > 0)

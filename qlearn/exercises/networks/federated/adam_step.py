"""A server that takes the clients' mean step for a gradient."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    intact=True,
    right="a parameter that all pull the same way goes fast, one that swings goes slowly, whatever the size of their steps.",
    because=r"""
        The clients' mean step $\Delta$ stands where a gradient stands in Adam, with the other sign: it points where the model
        ought to go, so it is *added*. m remembers the direction, v the size: where the steps stay alike the quotient is near 1
        or -1, however long they are. $\tau$ keeps a parameter that nobody moves from being divided by zero. Reddi et al.
        (2021, arXiv:2003.00295) have no bias correction. Kingma and Ba's Adam has one: in round t the step is multiplied by
        $\sqrt{1-\beta_2^t}/(1-\beta_1^t)$. Libraries differ here: read which one you have before you compare runs.
    """,
)
def adam_step(model, mean, m, v, rate, beta1, beta2, tau):
    r"""The server has a `model`, and `mean` is the mean of the clients' models, weighted by samples: both arrays of one shape,
    as are the moments `m` and `v` of the round before. It takes the clients' mean step $\Delta=\text{mean}-\text{model}$ for
    the direction of a step of Adam (FedAdam), as Reddi et al. write it, *without* bias correction:

    $m\leftarrow\beta_1m+(1-\beta_1)\Delta,\quad v\leftarrow\beta_2v+(1-\beta_2)\Delta^2,\quad
    \text{model}\leftarrow\text{model}+\eta\,m/(\sqrt v+\tau)$

    with squares, root and quotient taken parameter by parameter, and $\eta$ the `rate`. Return the new `(model, m, v)`; what you
    were given must stay as it is.
    """
    step = mean - model
    m = beta1 * m + (1 - beta1) * step
    v = beta2 * v + (1 - beta2) * step**2
    return model + rate * m / (np.sqrt(v) + tau), m, v


@adam_step.cases
def servers(rng):
    """The first round and later ones, of any shape and settings; steps of all sizes, also none."""
    yield np.array([0.5, 0.5]), np.array([25.0, -23.0]), np.zeros(2), np.zeros(2), 0.1, 0.9, 0.99, 0.5
    for _ in range(5):
        shape = ((3,), (2, 2), (1,), (5,), (2, 1, 3))[int(rng.integers(5))]
        model, m = rng.normal(size=(2, *shape))
        step = rng.normal(size=shape) * 10 ** rng.uniform(-2, 1)
        v = rng.uniform(0, 2, shape) ** 2
        beta1, beta2 = (float(x) for x in rng.uniform(0.1, 0.99, 2))
        yield (
            model,
            model + step,
            m,
            v,
            float(10 ** rng.uniform(-2, 0)),
            beta1,
            beta2,
            float(10 ** rng.uniform(-3, 0)),
        )
    still = rng.normal(size=3)
    yield still, still.copy(), np.zeros(3), np.zeros(3), 0.1, 0.9, 0.99, 0.01


def _adam(model, m, v, step, rate, beta1, beta2, tau, **changed):
    m = changed.get("first", lambda: beta1 * m + (1 - beta1) * step)()
    v = changed.get("second", lambda: beta2 * v + (1 - beta2) * step**2)()
    root = changed.get("root", lambda v: np.sqrt(v) + tau)(v)
    return model + rate * changed.get("top", lambda m: m)(m) / root, m, v


@adam_step.mistake(
    "the model walks away from the clients: their step is no gradient, it points where to go. Add it."
)
def away_from_the_clients(model, mean, m, v, rate, beta1, beta2, tau):
    _, m, v = adam_step.solution(model, mean, m, v, rate, beta1, beta2, tau)
    return model - rate * m / (np.sqrt(v) + tau), m, v


@adam_step.mistake("the step is turned round: it goes from the model to the mean, mean - model.")
def turned_round(model, mean, m, v, rate, beta1, beta2, tau):
    return _adam(model, m, v, model - mean, rate, beta1, beta2, tau)


@adam_step.mistake("the mean itself goes into the moments: the *step* from the model to it does.")
def the_mean_for_the_step(model, mean, m, v, rate, beta1, beta2, tau):
    return _adam(model, m, v, mean, rate, beta1, beta2, tau)


@adam_step.mistake(
    "the moments are right, and corrected for bias in the step: here they are taken as they are."
)
def corrected_for_bias(model, mean, m, v, rate, beta1, beta2, tau):
    _, m, v = adam_step.solution(model, mean, m, v, rate, beta1, beta2, tau)
    return model + rate * m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + tau), m, v


@adam_step.mistake("the two betas are exchanged: beta1 is that of m, beta2 that of v.")
def betas_exchanged(model, mean, m, v, rate, beta1, beta2, tau):
    return adam_step.solution(model, mean, m, v, rate, beta2, beta1, tau)


@adam_step.mistake(
    "memory and news are exchanged: the old moment has the weight beta, the new step 1 - beta."
)
def memory_for_news(model, mean, m, v, rate, beta1, beta2, tau):
    return adam_step.solution(model, mean, m, v, rate, 1 - beta1, 1 - beta2, tau)


@adam_step.mistake("tau stands under the root with you: it is added to the root.")
def tau_under_the_root(model, mean, m, v, rate, beta1, beta2, tau):
    step = mean - model
    return _adam(model, m, v, step, rate, beta1, beta2, tau, root=lambda v: np.sqrt(v + tau))


@adam_step.mistake("tau is missing: a parameter that nobody moves divides zero by zero.")
def without_tau(model, mean, m, v, rate, beta1, beta2, tau):
    with np.errstate(invalid="ignore"):
        return adam_step.solution(model, mean, m, v, rate, beta1, beta2, 0.0)


@adam_step.mistake("the root is missing: v has the units of a squared step.")
def without_the_root(model, mean, m, v, rate, beta1, beta2, tau):
    step = mean - model
    return _adam(model, m, v, step, rate, beta1, beta2, tau, root=lambda v: v + tau)


@adam_step.mistake("the step of this round is not in m yet when the model moves: the moments come first.")
def old_moments(model, mean, m, v, rate, beta1, beta2, tau):
    _, new_m, new_v = adam_step.solution(model, mean, m, v, rate, beta1, beta2, tau)
    return model + rate * m / (np.sqrt(v) + tau), new_m, new_v


@adam_step.mistake("v takes up the square of m; it remembers the squares of the *steps*.")
def squares_of_m(model, mean, m, v, rate, beta1, beta2, tau):
    step = mean - model
    new_m = beta1 * m + (1 - beta1) * step
    return _adam(
        model, m, v, step, rate, beta1, beta2, tau, second=lambda: beta2 * v + (1 - beta2) * new_m**2
    )


@adam_step.mistake("v takes up the steps as they are, signs and all: it remembers their squares.")
def not_squared(model, mean, m, v, rate, beta1, beta2, tau):
    step = mean - model
    return _adam(
        model, m, v, step, rate, beta1, beta2, tau, second=lambda: beta2 * v + (1 - beta2) * np.abs(step)
    )


@adam_step.mistake("v is a sum of all squares (that is FedAdagrad); in FedAdam it forgets, by beta2.")
def a_sum_of_squares(model, mean, m, v, rate, beta1, beta2, tau):
    step = mean - model
    return _adam(model, m, v, step, rate, beta1, beta2, tau, second=lambda: v + step**2)


@adam_step.mistake(
    "that is the rule of FedYogi: there v moves by (1 - beta2) times the square, up or down. FedAdam takes a mean."
)
def yogi(model, mean, m, v, rate, beta1, beta2, tau):
    step = mean - model
    other = v - (1 - beta2) * step**2 * np.sign(v - step**2)
    return _adam(model, m, v, step, rate, beta1, beta2, tau, second=lambda: other)


@adam_step.mistake("the new step goes into m with its full weight: only 1 - beta1 of it does.")
def full_weight(model, mean, m, v, rate, beta1, beta2, tau):
    step = mean - model
    return _adam(model, m, v, step, rate, beta1, beta2, tau, first=lambda: beta1 * m + step)


@adam_step.mistake("the step itself moves the model, and not m: the direction of the rounds before is lost.")
def without_momentum(model, mean, m, v, rate, beta1, beta2, tau):
    step = mean - model
    return _adam(model, m, v, step, rate, beta1, beta2, tau, top=lambda m: step)


@adam_step.mistake("what you were given has changed: work on a copy")
def in_place(model, mean, m, v, rate, beta1, beta2, tau):
    step = mean - model
    m *= beta1
    m += (1 - beta1) * step
    v *= beta2
    v += (1 - beta2) * step**2
    return model + rate * m / (np.sqrt(v) + tau), m, v

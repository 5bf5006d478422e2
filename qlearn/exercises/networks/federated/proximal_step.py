"""A client's step with a pull back to the model it was sent."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    intact=True,
    right="where the client stands at the model it was sent there is no pull: the first step is that of federated averaging.",
    because=r"""
        The gradient of $\frac\mu2\lVert w-w_t\rVert^2$ is $\mu\,(w-w_t)$: it grows with the way already gone. So with a single
        local step nothing changes, and with many the client does not run off to its own minimum. For a loss $\frac a2(w-c)^2$ the
        steps end at $(ac+\mu w_t)/(a+\mu)$, between its own minimum c and the model of the server (FedProx, Li et al. 2020,
        arXiv:1812.06127). The server's part stays the weighted mean.
    """,
)
def proximal_step(model, received, gradients, rate, mu):
    r"""A client trains with a pull: it minimises $F(w)+\frac\mu2\lVert w-w_t\rVert^2$, where F is its own loss and $w_t$ the
    model that the server sent. `model` (w), `received` ($w_t$) and `gradients` (of F at w) are lists of arrays, of any number
    and shape. Return the model after one more step of plain gradient descent with the learning rate `rate`, as a list of new
    arrays; what you were given must stay as it is.
    """
    return [w - rate * (g + mu * (w - sent)) for w, sent, g in zip(model, received, gradients)]


@proximal_step.cases
def clients(rng):
    """One array to three, of any shape; on the way and at the start of it; no pull, a weak and a strong one."""
    shapes = ((2, 3), (4,), (1,), (), (3, 1, 2))
    for n_arrays, mu in ((1, 0.5), (2, 0.01), (3, 2.0), (2, 0.0), (1, 5.0)):
        chosen = [shapes[k] for k in rng.permutation(len(shapes))[:n_arrays]]
        model, received, gradients = (
            [np.asarray(rng.normal(size=shape)) for shape in chosen] for _ in range(3)
        )
        yield model, received, gradients, float(10 ** rng.uniform(-2, 0)), mu
    yield model, [w.copy() for w in model], gradients, 0.3, 1.0


def _step(model, received, gradients, slope):
    return [slope(w, sent, g) for w, sent, g in zip(model, received, gradients)]


@proximal_step.mistake("there is no pull in it: that is the step of federated averaging.")
def without_the_pull(model, received, gradients, rate, mu):
    return _step(model, received, gradients, lambda w, sent, g: w - rate * g)


@proximal_step.mistake("the pull has the wrong sign: it drives the client away from the model it was sent.")
def pushed_away(model, received, gradients, rate, mu):
    return _step(model, received, gradients, lambda w, sent, g: w - rate * (g + mu * (sent - w)))


@proximal_step.mistake("that goes uphill on the loss: minus the gradient.")
def uphill(model, received, gradients, rate, mu):
    return _step(model, received, gradients, lambda w, sent, g: w + rate * (g - mu * (w - sent)))


@proximal_step.mistake("the half goes: the slope of mu/2 times a square is mu times what is squared.")
def half_the_pull(model, received, gradients, rate, mu):
    return _step(model, received, gradients, lambda w, sent, g: w - rate * (g + mu / 2 * (w - sent)))


@proximal_step.mistake("twice the pull: the 2 of the square cancels against the half.")
def twice_the_pull(model, received, gradients, rate, mu):
    return _step(model, received, gradients, lambda w, sent, g: w - rate * (g + 2 * mu * (w - sent)))


@proximal_step.mistake("the pull is a part of the slope: it is multiplied by the learning rate too.")
def pull_without_the_rate(model, received, gradients, rate, mu):
    return _step(model, received, gradients, lambda w, sent, g: w - rate * g - mu * (w - sent))


@proximal_step.mistake("that pulls to zero, which is weight decay. The pull goes to the model that was sent.")
def pulled_to_zero(model, received, gradients, rate, mu):
    return _step(model, received, gradients, lambda w, sent, g: w - rate * (g + mu * w))


@proximal_step.mistake("the step begins at the model that was sent: it goes on from where the client is.")
def from_the_start(model, received, gradients, rate, mu):
    return _step(model, received, gradients, lambda w, sent, g: sent - rate * (g + mu * (w - sent)))


@proximal_step.mistake(
    "that is the slope of the distance, which is 1 long; the pull is that of its *square*."
)
def pull_of_the_distance(model, received, gradients, rate, mu):
    far = sum(np.sum((w - sent) ** 2) for w, sent in zip(model, received)) ** 0.5
    return _step(
        model, received, gradients, lambda w, sent, g: w - rate * (g + mu * (w - sent) / max(far, 1e-300))
    )


@proximal_step.mistake(
    "you add the value of the pull, a number, to each slope: what is asked for is its gradient, one number for each parameter."
)
def value_of_the_pull(model, received, gradients, rate, mu):
    value = mu / 2 * sum(np.sum((w - sent) ** 2) for w, sent in zip(model, received))
    return _step(model, received, gradients, lambda w, sent, g: w - rate * (g + value))


@proximal_step.mistake(
    "you take the pull where the step *ends* (an implicit step); plain descent takes every slope where it stands."
)
def implicit(model, received, gradients, rate, mu):
    return _step(
        model, received, gradients, lambda w, sent, g: (w - rate * g + rate * mu * sent) / (1 + rate * mu)
    )


@proximal_step.mistake("those are the steps; add them to the model.")
def the_step_alone(model, received, gradients, rate, mu):
    return _step(model, received, gradients, lambda w, sent, g: -rate * (g + mu * (w - sent)))


@proximal_step.mistake(
    "only the first array is returned: a model is a list of arrays, each of them makes its step."
)
def the_first_array(model, received, gradients, rate, mu):
    return proximal_step.solution(model[:1], received, gradients, rate, mu)


@proximal_step.mistake("what you were given has changed: work on a copy")
def in_place(model, received, gradients, rate, mu):
    for w, sent, g in zip(model, received, gradients):
        w -= rate * (g + mu * (w - sent))
    return model

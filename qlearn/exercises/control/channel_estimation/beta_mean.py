"""How far the mean of a Beta belief lies from the truth."""

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="variance and squared bias, each by hand: the prior pulls, and what it pulls to decides whether that helps.",
    because=r"""
        The count has mean $nq$ and variance $nq(1-q)$, so the estimate $(k+\alpha)/(n+\alpha+\beta)$ has variance
        $nq(1-q)/(n+\alpha+\beta)^2$, and its mean misses q by $\bigl(\alpha-(\alpha+\beta)q\bigr)/(n+\alpha+\beta)$. Near
        $q=0$ the pull of a flat prior to 1/2 costs more than the smaller variance saves.
    """,
)
def beta_mean(n, q, alpha, beta):
    r"""An error rate is believed to follow a Beta($\alpha$, $\beta$) law; k errors in n probes make it
    Beta($\alpha+k$, $\beta+n-k$), and its mean is the estimate. Return the mean square error of this estimate, over
    all counts k, where the true error rate is `q`. Exact, not simulated.
    """
    total = n + alpha + beta
    return (n * q * (1 - q) + (alpha - (alpha + beta) * q) ** 2) / total**2


@beta_mean.cases
def beliefs(rng):
    """Flat and sharp priors, rates near 0 and beyond a half, few probes and many."""
    yield 100, 0.025, 1.0, 1.0
    for _ in range(6):
        alpha, beta = (float(x) for x in rng.uniform(0.3, 6, 2))
        yield int(rng.integers(1, 300)), float(rng.uniform(0.01, 0.7)), alpha, beta
    yield int(rng.integers(5, 50)), 0.0, float(rng.uniform(0.5, 3)), float(rng.uniform(0.5, 3))


@beta_mean.mistake("that is the error of the share k/n, which no prior pulls.")
def of_the_share(n, q, alpha, beta):
    return q * (1 - q) / n


@beta_mean.mistake("that is the variance alone. The prior pulls: add the square of the bias.")
def variance_alone(n, q, alpha, beta):
    return n * q * (1 - q) / (n + alpha + beta) ** 2


@beta_mean.mistake("that is the squared bias alone. The count scatters: add the variance.")
def bias_alone(n, q, alpha, beta):
    return ((alpha - (alpha + beta) * q) / (n + alpha + beta)) ** 2


@beta_mean.mistake("the bias must be squared before it is added to a variance.")
def bias_not_squared(n, q, alpha, beta):
    total = n + alpha + beta
    return n * q * (1 - q) / total**2 + (alpha - (alpha + beta) * q) / total


@beta_mean.mistake("a factor squares with the variance: divide it by (n + alpha + beta) squared.")
def total_not_squared(n, q, alpha, beta):
    total = n + alpha + beta
    return n * q * (1 - q) / total + ((alpha - (alpha + beta) * q) / total) ** 2


@beta_mean.mistake("the prior is not always flat: alpha and beta are given.")
def always_flat(n, q, alpha, beta):
    return (n * q * (1 - q) + (1 - 2 * q) ** 2) / (n + 2) ** 2


@beta_mean.mistake("you have alpha and beta exchanged: alpha counts errors.")
def exchanged(n, q, alpha, beta):
    return (n * q * (1 - q) + (beta - (alpha + beta) * q) ** 2) / (n + alpha + beta) ** 2


@beta_mean.mistake("that is the root of it: a mean *square* error is asked for.")
def its_root(n, q, alpha, beta):
    return beta_mean(n, q, alpha, beta) ** 0.5


@beta_mean.mistake(
    "that is the variance of the belief, which takes the prior for true. Asked is how far from the true q."
)
def spread_of_the_belief(n, q, alpha, beta):
    a, b = alpha + n * q, beta + n * (1 - q)
    return a * b / ((a + b) ** 2 * (a + b + 1))

"""A learned predictor of the next bit: what it finds in a bad generator, and the bound that it may not beat."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_bits, as_choice, as_count, as_failure, as_rng
from qlearn._types import Bits

_FEWEST = 100  # bits to judge


@dataclass(frozen=True)
class Prediction:
    """How often a predictor was right about bits that it had not seen.

    Parameters
    ----------
    right, guesses : int
        Right ones, and all.
    constant : int
        Right ones of a rival that always says what was more frequent where the predictor learned.
    """

    right: int
    guesses: int
    constant: int

    def __post_init__(self) -> None:
        as_count(self.guesses, "guesses")
        for name in ("right", "constant"):
            if as_count(getattr(self, name), name, least=0) > self.guesses:
                raise ValueError(
                    f"{name} must be at most the {self.guesses} guesses, not {getattr(self, name)}"
                )

    @property
    def rate(self) -> float:
        """The share that was right."""
        return self.right / self.guesses

    @property
    def error(self) -> float:
        """One standard error of `rate`, as if guesses were independent; where they come in bursts the spread is larger."""
        p = (self.right + 1) / (self.guesses + 2)
        return float(np.sqrt(p * (1 - p) / self.guesses))

    @property
    def constant_rate(self) -> float:
        """The share that the rival had right."""
        return self.constant / self.guesses

    def min_entropy_at_most(self, failure: float = 1e-6) -> float:
        r"""Return an upper bound on the min-entropy of a bit given those before it: somebody guessed this well.

        .. math:: H_\infty \le -\log_2\Bigl(\hat p - \sqrt{\tfrac{\ln(1/\delta)}{2n}}\Bigr)

        It holds with the chance :math:`1-\delta` (Azuma and Hoeffding) for the average chance of a right guess over the bits
        judged, whatever the generator, and for one predictor: where the best of several is taken, divide :math:`\delta` by their
        number. There is no lower bound of this kind: a bad predictor proves nothing.

        Parameters
        ----------
        failure : float
            :math:`\delta`.

        Returns
        -------
        float
            Bits, 0 to 1.
        """
        surely = self.rate - float(np.sqrt(-np.log(as_failure(failure)) / (2 * self.guesses)))
        return 1.0 if surely <= 0.5 else abs(float(np.log2(surely)))


def predict_next_bit(
    bits: ArrayLike, *, history: int = 8, model: str = "logistic", rng: Any = None
) -> Prediction:
    r"""Learn on the first half of a sequence to guess a bit from those before it, and judge on the second half.

    .. math:: P(\text{right}) \le \sum_s P(s) \max_x P(x \mid s) = 2^{-H_\infty(X_{i+1} \mid X_{i-k+1}, \dots, X_i)}

    The right side is the best guess from the k last bits of a source that stays as it is, and of which one long sample shows as
    much as any other (stationary and ergodic). No model that sees k bits does better except by chance, a quantum one neither:
    learning gets near the bound or stays away from it. A coin that was drawn at random and then kept is not such a source: the
    first half tells which coin it is, and that no k bits do. On a stream of full entropy half of the guesses are right; so it
    is on a good pseudo-random stream, which has hardly any entropy at all.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        At least 200 + 2 k. The halves share no bit.
    history : int
        k, the bits that the model sees. Models are compared at the same k: where the sequence is short,
        bits that tell nothing cost guesses; many such bits mostly cost a table more than a network.
    model : {"logistic", "mlp", "table"}
        "logistic": logistic regression on the k bits as -1 and 1, which finds what single bits tell. "mlp": a network with one
        hidden layer of 16, which can find a parity, too. "table": the more frequent next bit after each of the :math:`2^k`
        histories, k up to 20: no learning but counting, and the rival to beat.
    rng : None, int or numpy.random.Generator
        Starts the network.

    Returns
    -------
    Prediction

    Examples
    --------
    >>> from qlearn.communication.random_numbers import MarkovSource
    >>> source = MarkovSource(0.25, 0.75)
    >>> seen = predict_next_bit(source.sample(20_000, rng=1), rng=1)
    >>> source.guess_probability, round(seen.rate, 2), round(seen.constant_rate, 2), round(seen.min_entropy_at_most(), 2)
    (0.75, 0.75, 0.5, 0.47)

    References
    ----------
    Yao, "Theory and application of trapdoor functions", FOCS '82, 80, doi:10.1109/SFCS.1982.45 (that a stream which nobody can
    predict passes all efficient tests). Truong et al., IEEE Transactions on Information Forensics
    and Security 14, 403 (2019), arXiv:1905.02342 (learned predictors of quantum generators).
    """
    sequence, k = as_bits(bits, "bits"), as_count(history, "history")
    as_choice(model, ("logistic", "mlp", "table"), "model")
    generator = as_rng(rng)
    if model == "table" and k > 20:
        raise ValueError(f"history must be at most 20 bits for a table, not {k}: it has 2**history rows")
    if sequence.size < 2 * (_FEWEST + k):
        raise ValueError(
            f"bits must be at least 2 * ({_FEWEST} + history) = {2 * (_FEWEST + k)}, not {sequence.size}"
        )
    half = sequence.size // 2
    (seen, said), (fresh, truth) = (_histories(part, k) for part in (sequence[:half], sequence[half:]))
    usual = int(2 * said.sum() > said.size)
    constant = int((truth == usual).sum())
    if said.min() == said.max():  # one class alone teaches a classifier nothing more
        return Prediction(constant, truth.size, constant)
    if model == "table":
        guess = _by_table(seen, said, fresh, usual)
    else:
        # To stop early a network sets some of each class aside, and one bit cannot be divided.
        divisible = int(np.bincount(said, minlength=2).min()) > 1
        learner = _classifier(model, generator, early_stopping=divisible)
        guess = learner.fit(2.0 * seen - 1, said).predict(2.0 * fresh - 1)
    return Prediction(int((guess == truth).sum()), truth.size, constant)


def _histories(part: Bits, k: int) -> tuple[Bits, Bits]:
    """Return each window of k bits, shape (m, k), and the bit after it."""
    return np.lib.stride_tricks.sliding_window_view(part, k)[:-1], part[k:]


def _by_table(seen: Bits, said: Bits, fresh: Bits, usual: int) -> Bits:
    k = seen.shape[1]
    place = 1 << np.arange(k)
    lead = np.bincount(seen @ place, weights=2.0 * said - 1, minlength=2**k)
    return np.where(lead == 0, usual, lead > 0)[fresh @ place].astype(np.uint8)


def _classifier(model: str, rng: np.random.Generator, early_stopping: bool) -> Any:
    if model == "logistic":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression()
    from sklearn.neural_network import MLPClassifier

    seed = int(rng.integers(2**31))
    return MLPClassifier(
        (16,), early_stopping=early_stopping, learning_rate_init=0.01, max_iter=60, random_state=seed
    )

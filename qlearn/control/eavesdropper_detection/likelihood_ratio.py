"""The likelihood ratio: the score that no other beats against one attack of known strength, on a line that does not drift."""

import numpy as np
from scipy.special import xlogy

from qlearn._types import Array
from qlearn.control.eavesdropper_detection.line_attacks import LineAttack
from qlearn.control.eavesdropper_detection.link_streams import (
    BlockStream,
    Integers,
    as_attack,
    cell_probabilities,
    eves_share,
    time_probabilities,
)
from qlearn.control.eavesdropper_detection.monitored_link import MonitoredLink


def log_likelihood_ratio(stream: BlockStream, monitored: MonitoredLink, attack: LineAttack) -> Array:
    r"""Return for each block how much likelier it is with the attack than without, in nats, shape (n,).

    .. math:: \Lambda = \sum_c n_c \ln\frac{p_c(\text{Eve})}{p_c(\text{nobody})}

    over all cells of counts and of arrival times, on the line as it stands (without drift). By Neyman and Pearson no
    function of what the link reports has more power against this attack at any false-alarm rate, if the line does not drift.

    Parameters
    ----------
    stream : BlockStream
        What was reported.
    monitored : MonitoredLink
        The line; its drift is not used.
    attack : LineAttack
        The attack, of known strength.

    Returns
    -------
    ndarray of float, shape (n,)
        Infinite where something was counted that one of the two never does, nan where neither can, or where the block is
        missing: nothing was sent. The online detectors pass over infinite ones; clip them first.

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import auc_interval, hidden_attacks, link_stream
    >>> line = MonitoredLink()
    >>> eve = hidden_attacks(line)["intercept in Z alone"]
    >>> quiet, attacked = link_stream(500, line, rng=1), link_stream(500, line, eve, rng=2)
    >>> scores = log_likelihood_ratio(quiet, line, eve), log_likelihood_ratio(attacked, line, eve)
    >>> [round(x, 2) for x in auc_interval(*scores)]
    [0.95, 0.94, 0.96]

    References
    ----------
    Neyman and Pearson, Phil. Trans. R. Soc. A 231, 289 (1933), doi:10.1098/rsta.1933.0009.
    """
    if not isinstance(stream, BlockStream):
        raise TypeError(f"stream must be a BlockStream, not {type(stream).__name__}")
    if as_attack(attack) is None:
        raise TypeError(
            "attack must be a LineAttack, such as Intercept(0.05), not None: the ratio is against nobody"
        )
    state, none = monitored.state(), np.zeros(1)
    total = np.zeros(len(stream))
    first = 0
    tables = zip(
        cell_probabilities(monitored, state, attack), cell_probabilities(monitored, state, None), strict=True
    )
    for k, (with_her, without) in enumerate(tables):
        counts = stream.cells[:, first : first + with_her.shape[1]]
        rest = stream.sent[:, k] - counts.sum(axis=1)
        total += _surprise(counts, with_her[0], without[0])
        total += rest * (np.log1p(-with_her.sum()) - np.log1p(-without.sum()))
        first += with_her.shape[1]
    share = eves_share(attack, state, np.ones(1))
    late, usual = time_probabilities(attack, share, none), time_probabilities(None, none, none)
    total += _surprise(stream.timing, late[0], usual[0])
    return np.where(stream.sent.any(axis=1), total, np.nan)


def _surprise(counts: Integers, attacked: Array, quiet: Array) -> Array:
    with np.errstate(invalid="ignore"):  # what neither can count has no ratio: nan
        return np.asarray((xlogy(counts, attacked) - xlogy(counts, quiet)).sum(axis=1))

r"""Hospital sites: the patients of one table divided among hospitals, each with its own kind of patient and its own device."""

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_reals, as_rng, same_length
from qlearn._types import Array
from qlearn.networks.federated.partition import split

_MOST_DRAWS = 1000


@dataclass(frozen=True, eq=False)
class Site:
    """One hospital: rows that train, rows that judge, and what its device does to a reading.

    Parameters
    ----------
    name : str
        A letter.
    X : ndarray of float64, shape (n, n_features)
        Patients who train, as this hospital's device reads them.
    y : ndarray, shape (n,)
        Their labels.
    X_held_out, y_held_out : ndarray
        Patients of the same hospital who never train, read by the same device.
    gain, offset : ndarray of float64, shape (n_features,)
        What the device does: see :func:`hospital_sites`. Ones and zeros for a true one.
    """

    name: str
    X: Array
    y: NDArray[Any]
    X_held_out: Array
    y_held_out: NDArray[Any]
    gain: Array
    offset: Array

    def __repr__(self) -> str:
        return f"Site({self.name!r}, {len(self.y)} patients train, {len(self.y_held_out)} judge)"


def hospital_sites(
    X: ArrayLike,
    y: ArrayLike,
    n_sites: int = 5,
    *,
    alpha: float | None = None,
    skew: str = "label",
    feature: int | None = None,
    device: float = 0.0,
    held_out: float = 0.3,
    least: int = 10,
    rng: Any = None,
) -> list[Site]:
    r"""Divide a table of patients among hospitals; each patient goes to one, and each hospital keeps some of its own to judge by.

    Who goes where is :func:`~qlearn.networks.federated.split`: by label (a screening station, a clinic), by a feature such as
    age, or by size. It is drawn again until each hospital has at least `least` patients. Then each device reads in its own way,

    .. math:: x_j \mapsto \bar x_j + g_j (x_j - \bar x_j) + o_j s_j, \qquad \ln g_j,\, o_j \sim \mathcal N(0, \delta^2)

    with mean :math:`\bar x_j` and standard deviation :math:`s_j` of feature j over all patients: a gain and an offset of a
    hospital, which its patients share.

    Parameters
    ----------
    X : array_like of float, shape (n_samples, n_features)
        Patients.
    y : array_like, shape (n_samples,)
        Labels, of at least two classes.
    n_sites : int
        Hospitals, 2 to 26.
    alpha, skew, feature
        As in :func:`~qlearn.networks.federated.split`; `feature` is a column.
    device : float
        :math:`\delta`, how much devices differ, in standard deviations of a feature. 0: they do not.
    held_out : float
        Share of each hospital's patients who never train, above 0 and below 1; rounded, and at least one on each side.
    least : int
        Patients of the smallest hospital, at least 2.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    list of Site

    Examples
    --------
    >>> X, y = np.arange(40.0)[:, None], [0, 1] * 20
    >>> hospital_sites(X, y, 2, rng=0)
    [Site('A', 14 patients train, 6 judge), Site('B', 14 patients train, 6 judge)]

    References
    ----------
    Yurochkin et al., 2019, arXiv:1905.12022, for the shares. Gains and offsets that differ from site to site: Johnson, Li and
    Rabinovic, "Adjusting batch effects in microarray expression data", 2007, doi:10.1093/biostatistics/kxj037.
    """
    rows, labels = as_reals(X, "X"), np.asarray(y)
    if rows.ndim != 2:
        raise ValueError(f"X must have shape (n_samples, n_features), not {rows.shape}")
    same_length(rows, labels, "X and y")
    if as_count(n_sites, "n_sites", least=2) > len(ascii_uppercase):
        raise ValueError(
            f"n_sites must be at most {len(ascii_uppercase)}, not {n_sites}: each is named by a letter"
        )
    spread, share = as_real(device, "device", least=0), as_real(held_out, "held_out")
    if not 0 < share < 1:
        raise ValueError(f"held_out must be above 0 and below 1, not {held_out}: some train and some judge")
    if as_count(least, "least", least=2) * n_sites > len(labels):
        raise ValueError(
            f"least must be at most {len(labels) // n_sites} for {len(labels)} patients in {n_sites} hospitals, not {least}"
        )
    generator = as_rng(rng)
    for _ in range(_MOST_DRAWS):
        parts = split(rows, labels, n_sites, alpha, generator, skew=skew, feature=feature)
        if min(parts.sizes) >= least:
            break
    else:
        raise ValueError(
            f"alpha must be larger, or least smaller: of {_MOST_DRAWS} draws at alpha = {alpha} none gave each of {n_sites} "
            f"hospitals {least} patients"
        )
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    sites = []
    for name, (own, own_labels) in zip(ascii_uppercase, parts, strict=False):
        gain, offset = (
            np.exp(spread * generator.normal(size=mean.size)),
            spread * generator.normal(size=mean.size),
        )
        read = mean + gain * (own - mean) + offset * scale if spread else own
        order = generator.permutation(len(own))
        judging = order[: min(max(round(share * len(own)), 1), len(own) - 1)]
        training = order[len(judging) :]
        sites.append(
            Site(name, read[training], own_labels[training], read[judging], own_labels[judging], gain, offset)
        )
    return sites

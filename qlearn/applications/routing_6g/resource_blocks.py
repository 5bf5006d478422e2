"""Resource blocks: users, their signal at every cell, and the blocks that a rate takes there."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_reals, as_rng
from qlearn._types import Array
from qlearn.applications.routing_6g.admission import AdmissionProblem

_HEIGHT_M = 25.0 - 1.5  # of the antenna above the user, as in the scenario "urban macro"
_THERMAL_DBM_HZ = -174.0
_BLOCK_HZ = 12 * 30e3
_MOST_BITS = 8 * 948 / 1024  # 256-QAM at the highest code rate of the table for data channels
_WEAKEST_DB = -6.0
_GROUPS = (1, 2, 4, 8, 16)  # 1, and the sizes that the standard has for a resource block group


def path_loss_db(distance_m: ArrayLike, *, frequency_ghz: float = 3.5) -> Array:
    r"""Return the median loss in dB over a distance in m, in a town without line of sight.

    .. math:: L = 13.54 + 39.08 \log_{10} d + 20 \log_{10} f

    with d in m, f in GHz, and a user at 1.5 m. Shadows of houses come on top, as a normal error in dB.

    Parameters
    ----------
    distance_m : array_like
        Distance in space, at least 10.
    frequency_ghz : float
        Carrier.

    Returns
    -------
    ndarray of float64

    Examples
    --------
    >>> path_loss_db([100, 200]).round(1)
    array([102.6, 114.3])

    References
    ----------
    3GPP TR 38.901, "Study on channel model for frequencies from 0.5 to 100 GHz", table 7.4.1-1, UMa NLOS.
    """
    d = as_reals(distance_m, "distance_m", least=10)
    f = as_real(frequency_ghz, "frequency_ghz", above=0)
    return np.asarray(13.54 + 39.08 * np.log10(d) + 20 * np.log10(f))


@dataclass(frozen=True, eq=False)
class RadioCells:
    """Cells of one operator on one carrier, the users among them, and what each asks for.

    Parameters
    ----------
    cells, users : ndarray of float64, shape (n, 2)
        Positions in m.
    sinr_db : ndarray of float64, shape (users, cells)
        Signal over interference and noise, all other cells sending at full power.
    rate_mbps : ndarray of float64, shape (users,)
        What each user asks for, Mbit/s.
    """

    cells: Array
    users: Array
    sinr_db: Array
    rate_mbps: Array

    @property
    def blocks(self) -> NDArray[np.int64]:
        r"""Resource blocks that each user needs at each cell, shape (users, cells).

        .. math:: \Bigl\lceil \frac{R}{B \log_2 (1 + \text{SINR})} \Bigr\rceil

        with a block of B = 360 kHz, and no more than 7.4 bits a second and Hz.
        """
        bits = np.minimum(np.log2(1 + 10 ** (self.sinr_db / 10)), _MOST_BITS)
        return np.ceil(1e6 * self.rate_mbps[:, None] / (_BLOCK_HZ * bits)).astype(np.int64)

    def admission(self, blocks: int, *, n_options: int = 3, group: int = 1) -> AdmissionProblem:
        """Return the problem of serving most traffic with so many blocks a cell.

        Parameters
        ----------
        blocks : int
            Resource blocks of each cell for these users: their slice.
        n_options : int
            How many of its strongest cells a user may be given to, strongest first. Those below -6 dB do not count, but
            for the strongest.
        group : int
            Blocks are handed out in groups of so many, 1, 2, 4, 8 or 16: the coarser, the fewer bits a capacity takes.

        Returns
        -------
        AdmissionProblem
            Its value is Mbit/s, its resources are groups of blocks.
        """
        blocks, n_options = as_count(blocks, "blocks"), as_count(n_options, "n_options")
        if as_count(group, "group") not in _GROUPS:
            raise ValueError(f"group must be one of {', '.join(map(str, _GROUPS))} blocks, not {group}")
        if blocks % group:
            raise ValueError(f"blocks must be a multiple of the group, {group}, not {blocks}")
        need = -(-self.blocks // group)
        uses = []
        for sinr, mine in zip(self.sinr_db, need, strict=True):
            strongest = np.argsort(-sinr, kind="stable")[:n_options]
            usable = [j for place, j in enumerate(strongest) if place == 0 or sinr[j] >= _WEAKEST_DB]
            table = np.zeros((len(usable), len(self.cells)), np.int64)
            table[np.arange(len(usable)), usable] = mine[usable]
            uses.append(table)
        return AdmissionProblem(self.rate_mbps, tuple(uses), np.full(len(self.cells), blocks // group))


def radio_cells(
    n_users: int,
    n_cells: int,
    *,
    spacing_m: float = 500.0,
    frequency_ghz: float = 3.5,
    power_dbm: float = 20.0,
    noise_figure_db: float = 7.0,
    shadow_db: float = 6.0,
    rates_mbps: ArrayLike = (2.0, 5.0, 10.0, 20.0),
    rng: Any = None,
) -> RadioCells:
    """Return cells on a hexagonal grid, nearest to the middle first, with users dropped at random around them.

    Parameters
    ----------
    n_users, n_cells : int
        How many of each.
    spacing_m : float
        Between neighbouring cells.
    frequency_ghz : float
        Carrier.
    power_dbm : float
        Power of a cell in one resource block. An assumption: 44 dBm over 273 blocks.
    noise_figure_db : float
        Of a user's receiver. An assumption.
    shadow_db : float
        Standard deviation of the shadowing; 6 dB in the scenario of :func:`path_loss_db`.
    rates_mbps : array_like
        What users ask for, each equally often. An assumption.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    RadioCells

    Examples
    --------
    >>> town = radio_cells(5, 2, rng=1)
    >>> town.sinr_db.shape, town.blocks.min() >= 1
    ((5, 2), np.True_)
    >>> town.admission(10)
    AdmissionProblem(5 parties, 6 options, 2 resources)

    References
    ----------
    3GPP TR 38.901, tables 7.2-1 and 7.4.1-1 (500 m, 25 m, 1.5 m, 6 dB). 3GPP TS 38.214, tables 5.1.3.1-2 (7.4 bit/s/Hz)
    and 5.1.2.2.1-1 (groups of blocks).
    """
    n_users, n_cells = as_count(n_users, "n_users"), as_count(n_cells, "n_cells")
    spacing = as_real(spacing_m, "spacing_m", least=50)
    power, figure = as_real(power_dbm, "power_dbm"), as_real(noise_figure_db, "noise_figure_db", least=0)
    shadow = as_real(shadow_db, "shadow_db", least=0)
    rates = as_reals(rates_mbps, "rates_mbps")
    if rates.ndim != 1 or not rates.size or (rates <= 0).any():
        raise ValueError("rates_mbps must hold the rates that users ask for, each above 0")
    random = as_rng(rng)
    reach = int(np.ceil(np.sqrt(n_cells))) + 1
    steps = np.arange(-reach, reach + 1)
    grid = np.array([(i + j / 2, j * np.sqrt(3) / 2) for i in steps for j in steps]) * spacing
    cells = grid[np.argsort(np.hypot(*grid.T).round(6), kind="stable")[:n_cells]]
    at = cells[random.integers(0, n_cells, n_users)]
    away = spacing / np.sqrt(3) * np.sqrt(random.random(n_users))
    angle = 2 * np.pi * random.random(n_users)
    users = at + away[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    flat = np.linalg.norm(users[:, None] - cells, axis=2)
    loss = path_loss_db(np.hypot(flat, _HEIGHT_M), frequency_ghz=frequency_ghz)
    loss = loss + shadow * random.standard_normal(loss.shape)
    heard = 10 ** ((power - loss) / 10)
    noise = 10 ** ((_THERMAL_DBM_HZ + 10 * np.log10(_BLOCK_HZ) + figure) / 10)
    sinr = heard / (heard.sum(axis=1, keepdims=True) - heard + noise)
    return RadioCells(cells, users, 10 * np.log10(sinr), random.choice(rates, n_users))

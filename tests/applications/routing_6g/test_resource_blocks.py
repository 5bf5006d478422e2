"""Radio cells: the loss of the standard's table, blocks by Shannon's formula, and problems that say what they should."""

from math import ceil, log2, log10

import numpy as np
import pytest

from qlearn.applications.routing_6g import path_loss_db, radio_cells


def test_loss_is_the_formula_of_the_table():
    # PL = 13.54 + 39.08 log10 d + 20 log10 f - 0.6 (h - 1.5) at h = 1.5 m
    for d, f in ((35, 3.5), (500, 0.7), (1200, 28)):
        assert path_loss_db(d, frequency_ghz=f) == pytest.approx(13.54 + 39.08 * log10(d) + 20 * log10(f))
    assert path_loss_db(1000) - path_loss_db(100) == pytest.approx(39.08)


def test_sinr_of_two_cells_without_shadows():
    town = radio_cells(6, 2, shadow_db=0, rng=4)
    for user, row in zip(town.users, town.sinr_db, strict=True):
        watts = [
            10
            ** ((20 - 13.54 - 39.08 * log10(np.hypot(np.hypot(*(user - cell)), 23.5)) - 20 * log10(3.5)) / 10)
            for cell in town.cells
        ]
        noise = 10 ** ((-174 + 10 * log10(360e3) + 7) / 10)
        assert row[0] == pytest.approx(10 * log10(watts[0] / (watts[1] + noise)))
        assert row[1] == pytest.approx(10 * log10(watts[1] / (watts[0] + noise)))


def test_one_cell_hears_no_other():
    alone = radio_cells(20, 1, shadow_db=0, rng=0)
    crowd = radio_cells(20, 7, shadow_db=0, rng=0)
    assert alone.sinr_db.shape == (20, 1)
    assert np.median(alone.sinr_db) > np.median(crowd.sinr_db.max(axis=1))


def test_blocks_by_hand_and_with_the_cap():
    town = radio_cells(30, 3, rng=2)
    for row, rate, needed in zip(town.sinr_db, town.rate_mbps, town.blocks, strict=True):
        for db, blocks in zip(row, needed, strict=True):
            bits = min(log2(1 + 10 ** (db / 10)), 8 * 948 / 1024)
            assert blocks == ceil(rate * 1e6 / (360e3 * bits))


def test_cells_stand_on_a_grid_and_users_near_one():
    town = radio_cells(200, 7, spacing_m=400, rng=1)
    apart = np.hypot(*(town.cells[:, None] - town.cells).transpose(2, 0, 1))
    assert np.allclose(np.sort(apart[0])[1:], 400)  # a middle and its six neighbours
    assert (
        np.linalg.norm(town.users[:, None] - town.cells, axis=2).min(axis=1).max() <= 400 / np.sqrt(3) + 1e-9
    )


def test_the_problem_has_the_strongest_cells_first_and_counts_groups():
    town = radio_cells(25, 4, rng=3)
    problem = town.admission(40, n_options=2)
    for a, table in enumerate(problem.uses):
        order = np.argsort(-town.sinr_db[a])
        assert len(table) == 1 + (town.sinr_db[a, order[1]] >= -6)
        for place, row in enumerate(table):
            assert np.flatnonzero(row).tolist() == [order[place]]
            assert row.max() == town.blocks[a, order[place]]
    grouped = town.admission(40, n_options=2, group=8)
    assert grouped.capacity.tolist() == [5] * 4
    for fine, coarse in zip(problem.uses, grouped.uses, strict=True):
        assert (coarse == -(-fine // 8)).all()


def test_a_seed_gives_the_same_town():
    assert (radio_cells(9, 2, rng=5).sinr_db == radio_cells(9, 2, rng=5).sinr_db).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: path_loss_db(5), "distance_m must be finite and at least 10"),
        (lambda: radio_cells(0, 1), "n_users must be at least 1"),
        (lambda: radio_cells(1, 0), "n_cells must be at least 1"),
        (lambda: radio_cells(1, 1, spacing_m=1), "spacing_m must be"),
        (lambda: radio_cells(1, 1, rates_mbps=[0.0]), "rates_mbps must hold"),
        (lambda: radio_cells(1, 1, rates_mbps=[]), "rates_mbps must hold"),
        (lambda: radio_cells(2, 1, rng=0).admission(0), "blocks must be at least 1"),
        (lambda: radio_cells(2, 1, rng=0).admission(40, group=3), "group must be one of 1, 2, 4, 8, 16"),
        (
            lambda: radio_cells(2, 1, rng=0).admission(41, group=8),
            "blocks must be a multiple of the group, 8, not 41",
        ),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()

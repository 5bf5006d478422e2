"""The ports behind a pass of a satellite, against the library: its orbit, its counts, and the key that they prove."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication import photons, satellite

MICIUS = satellite.DOWNLINKS["micius"]


@pytest.fixture(scope="module")
def sources() -> list[photons.Source]:
    """Draw lasers of all kinds."""
    rng = np.random.default_rng(1)
    drawn = []
    for mu, nu, last, p, p_x in zip(*rng.random((5, 1200)), strict=True):
        signal, shares = 0.2 + 0.8 * mu, (0.3 + 0.5 * p, 0.1 + 0.1 * p)
        decoys = signal * (0.1 + 0.5 * nu), signal * 0.05 * (last if last > 0.5 else 0)
        drawn.append(photons.Source((signal, *decoys), (*shares, 1 - sum(shares)), 0.2 + 0.6 * p_x))
    return drawn


def as_port(source: photons.Source) -> dict:
    return {
        "intensities": list(source.intensities), "probabilities": list(source.probabilities), "p_x": source.p_x,
    }  # fmt: skip


def lines(n: int) -> list[tuple[float, float, photons.Link]]:
    """Draw how many pulses, what arrives of them, and the receiver."""
    rng = np.random.default_rng(2)
    columns = 10 ** rng.uniform([[6], [-5], [-8]], [[12], [-0.5], [-5]], (3, n))
    wrong, f = rng.uniform([[0], [1]], [[0.06], [1.4]], (2, n))
    return [
        (float(pulses), float(t), replace(MICIUS.receiver, background=dark, misalignment=e, error_correction=one))
        for pulses, t, dark, e, one in zip(*columns, wrong, f, strict=True)
    ]  # fmt: skip


def link(one: photons.Link) -> dict[str, float]:
    return {name: getattr(one, name) for name in ("receiver_efficiency", "background", "misalignment")}


def test_the_orbit(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    low = rng.uniform(0, 40, 1000)
    table = np.column_stack(
        [rng.uniform(300, 2000, 1000), low + rng.uniform(1, 90 - low), low, rng.uniform(20, 200, 1000)]
    )
    table[:10, 1:] = [90, 10, 2]
    theirs = port("communication/satellite", "overpass", table)
    flights = [
        satellite.overpass(height_km=h, max_elevation_deg=top, min_elevation_deg=low, step_s=step)
        for h, top, low, step in table
    ]
    agree([step for step, _ in theirs], [one.step_s for one in flights])
    seen = np.concatenate([np.reshape(rows, (-1, 3)) for _, rows in theirs])
    for k, name in enumerate(("time_s", "elevation_deg", "range_km")):
        agree(seen[:, k], np.concatenate([getattr(one, name) for one in flights]), scale=1)


def test_counts_and_what_they_prove(port: Callable, agree: Callable, sources: list[photons.Source]):
    each = list(zip(lines(len(sources)), sources, strict=True))
    counts = [photons.expected_counts(n, link=a, transmittance=t, source=s) for (n, t, a), s in each]
    sent = [[n, t, link(a), as_port(s)] for (n, t, a), s in each]
    theirs = port("communication/finite_keys", "expected_counts", sent)
    agree([both[0] for both in theirs], [one.sifted for one in counts])
    agree([both[1] for both in theirs], [one.errors for one in counts])
    epsilons = (10 ** np.random.default_rng(4).uniform(-15, -5, len(each))).tolist()
    epsilons[:100] = [None] * 100
    rows = list(zip(counts, sources, epsilons, strict=True))
    # (bounds are small differences of counts: beside them)
    size = np.array([
        one.sifted[:, 0].sum() / min(s.probabilities) / (s.intensities[1] - s.intensities[2]) for one, s, _ in rows
    ])  # fmt: skip
    sent = [[one.sifted[:, 0].tolist(), as_port(s), e] for one, s, e in rows]
    theirs = port("communication/finite_keys", "vacuum_and_single", sent)
    ours = [photons.vacuum_and_single(one.sifted[:, 0], one.errors[:, 0], s, e) for one, s, e in rows]
    agree((np.array(theirs).T / size).T, (np.array(ours).T / size).T, scale=1)
    sent = [[one.errors[:, 0].tolist(), as_port(s), e] for one, s, e in rows]
    theirs = port("communication/finite_keys", "single_errors", sent)
    ours = [photons.single_errors(one.errors[:, 0], s, e) for one, s, e in rows]
    agree(np.array(theirs) / size, np.array(ours) / size, scale=1)


def test_phase_errors(port: Callable, agree: Callable):
    rng = np.random.default_rng(5)
    tested, single = 10 ** rng.uniform(0, 8, (2, 2000))
    errors = tested * 10 ** rng.uniform(-6, -0.2, 2000)
    failure = [None, *(10 ** rng.uniform(-40, -3, 1999))]
    each = list(zip(errors.tolist(), tested.tolist(), single.tolist(), failure, strict=True))
    each[1:4] = [(0.0, 50.0, 500.0, 1e-3), (1.0, 1.0, 1.0, 1e-3), (3.0, 10.0, 4.0, 1e-9)]
    agree(port("communication/finite_keys", "phase_error", each), [photons.phase_error(*one) for one in each])


def test_finite_keys(port: Callable, agree: Callable, sources: list[photons.Source]):
    rng, rows, ours = np.random.default_rng(6), [], []
    for (n, t, a), source in zip(lines(1100), sources, strict=False):
        counts = photons.expected_counts(n, link=a, transmittance=t, source=source)
        key, security = int(rng.integers(2)), 10 ** rng.uniform(-12, -6) if rng.random() < 0.8 else None
        found = photons.finite_key(
            counts, source=source, security=security, efficiency=a.error_correction, key_basis="ZX"[key]
        )
        ours.append((found.bits, found.sifted + 1))
        rows.append(
            [
                [counts.sifted.tolist(), counts.errors.tolist()],
                as_port(source),
                security,
                a.error_correction,
                key,
            ]
        )
    bits, size = np.array(ours).T
    assert 0.2 < np.mean(bits > 0) < 0.9
    agree(np.array(port("communication/finite_keys", "finite_key", rows)) / size, bits / size, scale=1)

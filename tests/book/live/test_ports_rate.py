"""The ports behind rates against distance, against the library: laser pulses, a beam from above, chains of repeaters."""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from qlearn.communication import photons, repeaters, satellite
from qlearn.communication.photons.decoy_states import no_decoy
from qlearn.communication.photons.key_rate import secret_rate
from qlearn.qubits import noise

FIELDS = ("loss_db_per_km", "receiver_efficiency", "background", "misalignment", "error_correction")
METHODS = ("infinite", "vacuum+weak", "none")


def links(rng: np.random.Generator, n: int) -> list[photons.Link]:
    """Receivers of all kinds."""
    columns = (
        rng.uniform(0.14, 0.3, n), 10 ** rng.uniform(-2, 0, n), 10 ** rng.uniform(-9, -4, n), rng.uniform(0, 0.08, n),
        rng.uniform(1, 1.4, n),
    )  # fmt: skip
    return [photons.Link("drawn", *map(float, row)) for row in zip(*columns, strict=True)]


def as_port(link: photons.Link) -> dict[str, float]:
    return {name: getattr(link, name) for name in FIELDS}


def test_published_links(port: Callable):
    assert port("communication/photons", "LINKS", [["gys"]]) == [as_port(photons.LINKS["gys"])]
    gys = asdict(photons.LINKS["gys"])  # and what the port takes for granted
    assert (gys["background_error"], gys["sifting"], gys["afterpulse"]) == (0.5, 0.5, 0)
    beam = satellite.DOWNLINKS["micius"]
    [theirs] = port("communication/satellite", "DOWNLINKS", [["micius"]])
    laser, receiver = theirs.pop("laser"), theirs.pop("receiver")
    assert theirs == {name: getattr(beam, name) for name in theirs}
    assert len(theirs) == 5
    assert receiver == as_port(beam.receiver)
    assert beam.receiver.afterpulse == 0
    assert laser == {
        "intensities": list(beam.laser.intensities),
        "probabilities": list(beam.laser.probabilities),
        "p_x": beam.laser.p_x,
    }


def test_light_that_is_lost(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    km, db = rng.uniform(0, 1000, 1500), rng.uniform(0, 100, 1500)
    loss = rng.uniform(0.1, 0.4, 1500)
    agree(port("qubits/noise", "db_to_transmittance", db[:, None]), noise.db_to_transmittance(db))
    agree(port("qubits/noise", "transmittance", np.column_stack([km, loss])), noise.transmittance(km, loss))
    t = np.concatenate([rng.uniform(0, 1, 1000), 10 ** rng.uniform(-20, -2, 500)])
    agree(port("communication/photons", "plob", t[:, None]), photons.plob(t))
    stations = rng.integers(0, 30, 1500)
    ours = repeaters.repeater_bound(t, stations)
    agree(port("communication/repeaters", "repeater_bound", np.column_stack([t, stations])), ours)
    angle, far = rng.uniform(0, 90, 1500), rng.uniform(1, 2000, 1500)
    theta, wide, jitter = rng.uniform(1, 20, 1500), rng.uniform(0.1, 2, 1500), rng.uniform(0, 5, 1500)
    agree(port("communication/satellite", "airmass", angle[:, None]), satellite.airmass(angle))
    ours = [
        satellite.atmospheric_transmittance(a, zenith_loss_db=b) for a, b in zip(angle, db / 20, strict=True)
    ]
    agree(
        port("communication/satellite", "atmospheric_transmittance", np.column_stack([angle, db / 20])), ours
    )
    ours = [
        satellite.geometric_transmittance(d, divergence_urad=a, aperture_m=b, jitter_urad=c)
        for d, a, b, c in zip(far, theta, wide, jitter, strict=True)
    ]
    table = np.column_stack([far, theta, wide, jitter])
    agree(port("communication/satellite", "geometric_transmittance", table), ours)


def test_clicks_errors_and_bounds(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    receivers, mu, t = links(rng, 1200), 10 ** rng.uniform(-3, 0.3, 1200), 10 ** rng.uniform(-8, 0, 1200)
    nu = mu * rng.uniform(0.02, 0.9, 1200)
    each = list(zip(mu, t, receivers, strict=True))
    sent = [[a, b, as_port(link)] for a, b, link in each]
    clicks = np.array([photons.gain(a, b, link=link) for a, b, link in each])
    wrong = np.array([photons.error_gain(a, b, link=link) for a, b, link in each])
    agree(port("communication/photons", "gain", sent), clicks)
    agree(port("communication/photons", "error_gain", sent), wrong)
    ours = [photons.infinite_decoy(b, link=link) for _, b, link in each]
    agree(port("communication/photons", "infinite_decoy", [row[1:] for row in sent]), ours)
    weak = np.array([photons.gain(a, b, link=link) for a, b, link in zip(nu, t, receivers, strict=True)])
    weak_wrong = np.array(
        [photons.error_gain(a, b, link=link) for a, b, link in zip(nu, t, receivers, strict=True)]
    )
    dark = np.array([link.background for link in receivers])
    table = np.column_stack([mu, nu, clicks, weak, weak_wrong, dark])
    seen = [
        photons.vacuum_weak(a, b, signal_gain=c, weak_gain=d, weak_error_gain=e, background=f)
        for a, b, c, d, e, f in table
    ]
    # (differences of gains that nearly cancel, so beside these)
    theirs = np.array(port("communication/photons", "vacuum_weak", table))
    agree(theirs[:, 0] * nu / weak, np.array(seen)[:, 0] * nu / weak, scale=1)
    clear = np.array(seen)[:, 0] * nu > 1e-3 * weak
    agree(np.where(clear, theirs[:, 1], 0), np.where(clear, np.array(seen)[:, 1], 0), scale=1)
    table = np.column_stack([mu, clicks, wrong])
    seen = np.array([no_decoy(a, signal_gain=b, signal_error_gain=c) for a, b, c in table])
    theirs = np.array(port("communication/photons", "no_decoy", table))
    agree(theirs[:, 0] * mu, seen[:, 0] * mu, scale=1)
    clear = seen[:, 0] * mu > 1e-3 * clicks
    agree(np.where(clear, theirs[:, 1], 0), np.where(clear, seen[:, 1], 0), scale=1)
    single = [photons.infinite_decoy(b, link=link) for _, b, link in each]
    ours = np.array([
        secret_rate(a, b, c, one, link=link) for a, b, c, one, link in zip(mu, clicks, wrong, single, receivers, strict=True)
    ])  # fmt: skip
    sent = [
        [a, b, c, [float(x) for x in one], as_port(link)]
        for a, b, c, one, link in zip(mu, clicks, wrong, single, receivers, strict=True)
    ]
    theirs = np.array(port("communication/photons", "secret_rate", sent))
    agree(theirs / clicks, ours / clicks, scale=1)


def test_rates_and_what_makes_them_largest(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    for method in METHODS:
        receivers, t = links(rng, 1000), 10 ** rng.uniform(-3, 0, 1000)
        mu = 10 ** rng.uniform(-1.2, 0.3, 1000)
        if method == "none":  # brighter light than this is not safe
            mu = t * [link.receiver_efficiency for link in receivers] * rng.uniform(0.1, 1, 1000)
        each = list(zip(t, receivers, mu, strict=True))
        clicks = np.array([photons.gain(c, a, link=b) for a, b, c in each])
        ours = np.array([photons.rate_at(a, link=b, mu=c, method=method) for a, b, c in each])
        assert np.mean(ours > 0) > 0.1
        sent = [[a, as_port(b), c, method] for a, b, c in each]
        agree(np.array(port("communication/photons", "rate_at", sent)) / clicks, ours / clicks, scale=1)
        ours = [photons.optimal_mu(a, link=b, method=method) for a, b, _ in each]
        theirs = port("communication/photons", "optimal_mu", [[a, as_port(b), method] for a, b, _ in each])
        # The top is flat: two knots of the last net, 6e-6 apart, may tell the same rate to the last digit.
        off = np.abs(np.array(theirs, dtype=float) / np.array(ours) - 1)
        assert np.array_equal(np.isnan(off), np.isnan(ours))
        assert np.nanmax(off) < 2e-5
        assert np.nanmean(off > 1e-9) < 0.01
    receivers, mu = links(rng, 1000), rng.uniform(0.1, 0.9, 1000)
    ours = [photons.longest_distance(link=a, mu=b) for a, b in zip(receivers, mu, strict=True)]
    sent = [[as_port(a), b, "infinite"] for a, b in zip(receivers, mu, strict=True)]
    agree(port("communication/photons", "longest_distance", sent), ours)


def test_chains(port: Callable, agree: Callable):
    rng = np.random.default_rng(4)
    n, p = rng.integers(1, 33, 1500), 10 ** rng.uniform(-8, 0, 1500)
    ours = [repeaters.waiting_time_mean(int(a), b) for a, b in zip(n, p, strict=True)]
    agree(port("communication/repeaters", "waiting_time_mean", np.column_stack([n, p])), ours)
    fidelity = rng.uniform(0.25, 1, 1500)
    ours = repeaters.chain_fidelity(fidelity, n)
    agree(port("communication/repeaters", "chain_fidelity", np.column_stack([fidelity, n])), ours)
    loss, epsilon, swap = rng.uniform(0, 120, 1500), rng.uniform(0.05, 1, 1500), rng.uniform(0.3, 1, 1500)
    fidelity = 1 - 10 ** rng.uniform(-4, -1, 1500)
    each = list(zip(loss, n.tolist(), epsilon, fidelity, swap, strict=True))
    made = [repeaters.chain(loss_db=a, links=b, efficiency=c, fidelity=d, swap=e) for a, b, c, d, e in each]
    rates = np.array([one.rate for one in made])
    theirs = np.array(port("communication/repeaters", "chain", each))
    # (the key fraction is a small difference near its end: beside the pairs, not beside itself)
    agree(theirs / rates, np.array([one.key_rate for one in made]) / rates, scale=1)

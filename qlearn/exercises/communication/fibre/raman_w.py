"""What a neighbour's light scatters into the channel."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, abs=0),  # picowatts
    right=(
        "at 0.2 dB/km forward noise peaks near 22 km and then fades with the signal; backward noise stays while the "
        "signal fades."
    ),
    because="""
        Light scattered at z was attenuated over z as data, then over L - z (forward) or z (backward) as noise.
        Integrate over z from 0 to L.
    """,
)
def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    """Return the Raman power in watt at Bob's end, through a filter of `width_nm`. `beta` is the share scattered per
    km and nm; the loss is the same for data and photons and not 0; `backward` is True if the data are launched at
    Bob's end. Given: `np`.
    """
    a = loss_db_per_km * np.log(10) / 10
    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km * np.exp(-a * length_km)
    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach


@raman_w.cases
def fibres(rng):
    """Both directions, short and long, weak and strong data."""
    yield 0.0, 25.0, 0.2, 3e-9, 0.1, False
    for k in range(9):
        dbm, km, loss = rng.uniform(-25, 10), 10 ** rng.uniform(0, 2.1), rng.uniform(0.15, 0.4)
        yield (
            float(dbm),
            float(km),
            float(loss),
            float(rng.uniform(1e-9, 6e-9)),
            float(rng.uniform(0.03, 2)),
            k % 2 == 0,
        )


def _slip(
    launch_dbm,
    length_km,
    loss_db_per_km,
    beta,
    width_nm,
    backward,
    *,
    per_db=0.1,
    watt=lambda dbm: 10 ** (dbm / 10 - 3),
    forward=lambda a, km: km * np.exp(-a * km),
    back=lambda a, km: (1 - np.exp(-2 * a * km)) / (2 * a),
):
    """The solution with another loss, another power or another way of the light."""
    return (
        watt(launch_dbm)
        * beta
        * width_nm
        * (back if backward else forward)(per_db * np.log(10) * loss_db_per_km, length_km)
    )


@raman_w.mistake("decibels per km go into 10^(-x/10); in exp(-a L) the loss a is ln(10)/10 times that.")
def decibels_as_nepers(*line):
    return _slip(*line, per_db=1 / np.log(10))


@raman_w.mistake("0 dBm is a *milli*watt: 10^(dBm/10) is in mW.")
def milliwatt(*line):
    return _slip(*line, watt=lambda dbm: 10 ** (dbm / 10))


@raman_w.mistake("dBm are decibels: ten of them are a factor of ten.")
def dbm_as_a_power(*line):
    return _slip(*line, watt=lambda dbm: 1e-3 * dbm)


@raman_w.mistake("decibels of a *power* are 10 log10 of it: dBm / 10, not / 20.")
def dbm_as_an_amplitude(*line):
    return _slip(*line, watt=lambda dbm: 10 ** (dbm / 20 - 3))


@raman_w.mistake(
    "the two directions are swapped: forward light shares the whole way with the signal and fades with it."
)
def directions_swapped(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    return _slip(launch_dbm, length_km, loss_db_per_km, beta, width_nm, not backward)


@raman_w.mistake("backward light, scattered at z, travels z back: data there, light back, twice the loss.")
def forward_for_both(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    return _slip(launch_dbm, length_km, loss_db_per_km, beta, width_nm, False)


@raman_w.mistake(
    "data launched at Alice's end travel with the photons: the light passes L km in all, and no way back."
)
def backward_for_both(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    return _slip(launch_dbm, length_km, loss_db_per_km, beta, width_nm, True)


@raman_w.mistake(
    "the data fade on the way to z, and the scattered light on the way back: exp(-2 a z) under the integral."
)
def loss_one_way_only(*line):
    return _slip(*line, back=lambda a, km: (1 - np.exp(-a * km)) / a)


@raman_w.mistake("backward: the integral of exp(-2 a z) has a 2 a in its denominator.")
def half_of_the_integral(*line):
    return _slip(*line, back=lambda a, km: (1 - np.exp(-2 * a * km)) / a)


@raman_w.mistake(
    "forward: wherever it is scattered, the light passes L km in all, as data or as noise. It fades."
)
def forward_does_not_fade(*line):
    return _slip(*line, forward=lambda a, km: km)


@raman_w.mistake("the data fade before they scatter, and the light fades after: no loss is in your formula.")
def no_loss_at_all(*line):
    return _slip(*line, forward=lambda a, km: km, back=lambda a, km: km)


@raman_w.mistake(
    "forward: data fade up to z, the noise from there to L, together over L. You let only the data fade."
)
def only_the_data_fade(*line):
    return _slip(*line, forward=lambda a, km: (1 - np.exp(-a * km)) / a)


@raman_w.mistake("the coefficient is per nm: times the filter's width.")
def no_filter(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    return _slip(launch_dbm, length_km, loss_db_per_km, beta, 1, backward)

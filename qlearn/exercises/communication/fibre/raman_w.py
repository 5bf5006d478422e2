"""Raman w."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "Forward noise peaks near 22 km and then fades with the signal; backward noise stays while the signal fades."
    ),
    because="""
        Light scattered at z was attenuated over z as data, then over L - z (forward) or z (backward) as noise.
        Integrate over z from 0 to L.
    """,
)
def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    """Write `raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward)`: the Raman power in
    watt at Bob's end. `beta` is the share scattered per km and nm; the loss is the same for data and
    photons and not 0; `backward` is True if the data are launched at Bob's end.
    """
    a = loss_db_per_km * np.log(10) / 10
    if backward:
        reach = (1 - np.exp(-2 * a * length_km)) / (2 * a)
    else:
        reach = length_km * np.exp(-a * length_km)
    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach


@raman_w.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_raman_w of the old module
    yield ()


@raman_w.mistake("decibels per km go into 10^(-x/10); in exp(-a L) the loss a is ln(10)/10 times that.")
def decibels_as_nepers(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    a = loss_db_per_km
    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km * np.exp(-a * length_km)
    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach


@raman_w.mistake("0 dBm is a *milli*watt: 10^(dBm/10) is in mW.")
def milliwatt(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    a = loss_db_per_km * np.log(10) / 10
    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km * np.exp(-a * length_km)
    return 10 ** (launch_dbm / 10) * beta * width_nm * reach


@raman_w.mistake("dBm are decibels: ten of them are a factor of ten.")
def dbm_as_a_power(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    a = loss_db_per_km * np.log(10) / 10
    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km * np.exp(-a * length_km)
    return launch_dbm * 1e-3 * beta * width_nm * reach


@raman_w.mistake(
    "the two directions are swapped: forward light shares the whole way with the signal and fades with it."
)
def directions_swapped(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    a = loss_db_per_km * np.log(10) / 10
    reach = length_km * np.exp(-a * length_km) if backward else (1 - np.exp(-2 * a * length_km)) / (2 * a)
    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach


@raman_w.mistake("backward light, scattered at z, travels z back: data there, light back, twice the loss.")
def forward_for_both(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    a = loss_db_per_km * np.log(10) / 10
    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * length_km * np.exp(-a * length_km)


@raman_w.mistake(
    "the data fade on the way to z, and the scattered light on the way back: exp(-2 a z) under the integral."
)
def loss_one_way_only(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    a = loss_db_per_km * np.log(10) / 10
    reach = (1 - np.exp(-a * length_km)) / a if backward else length_km * np.exp(-a * length_km)
    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach


@raman_w.mistake(
    "forward: wherever it is scattered, the light passes L km in all, as data or as noise. It fades."
)
def forward_does_not_fade(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    a = loss_db_per_km * np.log(10) / 10
    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km
    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach


@raman_w.mistake("the coefficient is per nm: times the filter's width.")
def no_filter(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    a = loss_db_per_km * np.log(10) / 10
    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km * np.exp(-a * length_km)
    return 10 ** (launch_dbm / 10 - 3) * beta * reach

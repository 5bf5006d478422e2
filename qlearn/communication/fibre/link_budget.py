"""Link budget: what a fibre link loses, what it sees that nobody sent, and what it gets wrong, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from qlearn._checks import as_real
from qlearn.communication._published import as_record
from qlearn.communication.fibre.dead_time import afterpulse_probability, live_fraction, with_afterpulses
from qlearn.communication.fibre.key_rate import key_rate_hz, optimal_mu_per_second
from qlearn.communication.fibre.phase_encoding import SYSTEMS, FibreSystem
from qlearn.communication.fibre.raman import (
    Traffic,
    crosstalk_power,
    dbm_to_watt,
    noise_click_probability,
    raman_power,
)
from qlearn.communication.photons import Link, error_gain, gain, rate_at
from qlearn.communication.photons.source import as_positive_means
from qlearn.qubits.noise import db_to_transmittance, transmittance_to_db

Lines = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class LinkBudget:
    """Losses, background, errors and key rate of one fibre link, each by its causes.

    Parameters
    ----------
    losses : mapping of str to float
        dB, each part; their sum is all that is lost between Alice and a click.
    backgrounds : mapping of str to float
        Chance of a click in a pulse without light, each cause by itself, both detectors. The link has their sum, but
        no more than 1.
    errors : mapping of str to float
        Share of the sifted bits that is wrong, each cause; their sum is the QBER.
    link : Link
        The same as a link of :doc:`/communication/photons`; its background is that of *this* length, its afterpulses are
        those of this signal, and its `sifting` is in the rate.
    transmittance : float
        Of the fibre with its splices: what the functions of that chapter take.
    mu : float
        Mean photon number of the signal; nan where no brightness yields a key.
    rate : float
        Secret bits per pulse that met detectors awake; endless keys, infinitely many decoys.
    live_fraction : float
        Share of the pulses that do.
    key_hz : float
        Secret bits a second.
    """

    losses: Lines
    backgrounds: Lines
    errors: Lines
    link: Link
    transmittance: float
    mu: float
    rate: float
    live_fraction: float
    key_hz: float

    @property
    def loss_db(self) -> float:
        """All losses, in dB."""
        return sum(self.losses.values())

    @property
    def qber(self) -> float:
        """All errors together."""
        return sum(self.errors.values())


def fibre_budget(
    length_km: float, *, system: FibreSystem, traffic: Traffic | None = None, mu: float | None = None
) -> LinkBudget:
    r"""Return losses, background and errors of a fibre link, part by part, and the key rate that is left.

    Decibels of parts in a row add; so do the chances of rare clicks,

    .. math:: Y_0 = 2 p_\text{dark} + p_\text{Raman} + p_\text{leak};

    each part of the gain brings its own errors, none of which knows of the others:

    .. math:: E Q = e_\text{optics}\,(1 - e^{-\eta\mu}) + \tfrac12 Y_0 + \tfrac12 p_\text{ap}\,Q_0

    with :math:`Q_0` the gain without afterpulses and :math:`p_\text{ap}` that of this load,
    :func:`afterpulse_probability` at :math:`fQ_0` clicks a second. As in a :class:`~qlearn.communication.photons.Link`
    an afterpulse counts as a click of a pulse like the one before; in truth it strikes one of any brightness, as
    background does, which decoys find out: the sheet is pessimistic.

    What Alice's own modulator and attenuator lose is no line of the sheet: she sets :math:`\mu` behind them.

    Parameters
    ----------
    length_km : float
        Of the fibre.
    system : FibreSystem
        For example ``SYSTEMS["gated"]``.
    traffic : Traffic, optional
        Data channels in the fibre; None: none.
    mu : float, optional
        Mean photon number of the signal, above 0. None: the one that makes most key a second, or 1/2 where there is no key.

    Returns
    -------
    LinkBudget

    Examples
    --------
    >>> from qlearn.communication.fibre import SYSTEMS
    >>> sheet = fibre_budget(50, system=SYSTEMS["gated"], traffic=Traffic(launch_dbm=-10))
    >>> round(sheet.loss_db, 1), max(sheet.backgrounds, key=sheet.backgrounds.get)
    (22.6, 'Raman')

    References
    ----------
    Eraerds et al., New J. Phys. 12, 063027 (2010), arXiv:0912.1798, for a sheet with the same lines.
    """
    as_record(system, "system", FibreSystem, SYSTEMS)
    if traffic is not None and not isinstance(traffic, Traffic):
        raise TypeError(f"traffic must be a Traffic or None, not {traffic!r}")
    length, data = as_real(length_km, "length_km", least=0), traffic or Traffic()
    losses = {
        "fibre": system.loss_db_per_km * length,
        "splices": system.splice_db * system.splices_per_km * length,
        "connectors": system.connectors_db,
        "filter": system.filter_db,
        "interferometer": system.receiver_db,
        "detector": float(transmittance_to_db(system.efficiency)),
    }
    per_km = system.loss_db_per_km + system.splice_db * system.splices_per_km
    behind = sum(db for name, db in losses.items() if name not in ("fibre", "splices"))
    seen = float(db_to_transmittance(behind))
    launch = float(dbm_to_watt(data.launch_dbm))
    stray = {
        "Raman": raman_power(
            launch,
            length,
            bandwidth_nm=system.bandwidth_nm,
            coefficient=data.coefficient,
            loss_db_per_km=per_km,
            direction=data.direction,
        ),
        # Data against the photons leave at Alice's end; what comes back to Bob is left to the isolation.
        "leak": crosstalk_power(
            launch,
            length if data.direction == "forward" else 0.0,
            isolation_db=data.isolation_db,
            loss_db_per_km=per_km,
        ),
    }
    gate = {"gate_s": system.gate_s, "efficiency": seen, "wavelength_nm": system.wavelength_nm}
    backgrounds = {"dark counts": float(-2 * np.expm1(-system.dark_hz * system.gate_s))}
    backgrounds |= {name: float(noise_click_probability(power, **gate)) for name, power in stray.items()}
    noise = sum(backgrounds.values())
    quiet = Link(
        name=system.name,
        loss_db_per_km=per_km,
        receiver_efficiency=seen,
        background=min(noise, 1.0),
        misalignment=system.optical_error,
        error_correction=system.error_correction,
        sifting=system.sifting,
        source=system.source,
    )
    t = float(quiet.transmittance(length))
    traps = {"total": system.afterpulse, "decay_s": system.decay_s}
    pace = {"pulse_rate_hz": system.pulse_rate_hz, "dead_time_s": system.hold_off_s, **traps}
    best = float(
        optimal_mu_per_second(t, link=quiet, **pace) if mu is None else as_positive_means(as_real(mu, "mu"))
    )
    bright = best if np.isfinite(best) else 0.5
    load = system.pulse_rate_hz * float(gain(bright, t, link=quiet))
    link = with_afterpulses(quiet, float(afterpulse_probability(system.hold_off_s, rate_hz=load, **traps)))
    clicks = float(gain(bright, t, link=link))
    # Each cause alone, by the functions of the photons chapter; afterpulses are what the whole has besides.
    counted = (
        quiet.background / noise if noise else 1.0
    )  # where background drowns all, its causes share the clicks
    causes = {
        "interferometer": float(error_gain(bright, t, link=replace(quiet, background=0.0))),
        **{name: quiet.background_error * counted * chance for name, chance in backgrounds.items()},
    }
    causes["afterpulses"] = float(error_gain(bright, t, link=link)) - float(error_gain(bright, t, link=quiet))
    rate = float(rate_at(t, link=link, mu=bright))
    awake = float(live_fraction(system.pulse_rate_hz * clicks, dead_time_s=system.hold_off_s))
    return LinkBudget(
        losses=MappingProxyType(losses),
        backgrounds=MappingProxyType(backgrounds),
        errors=MappingProxyType({name: wrong / clicks if clicks else 0.0 for name, wrong in causes.items()}),
        link=link,
        transmittance=t,
        mu=best,
        rate=rate,
        live_fraction=awake,
        key_hz=float(key_rate_hz(t, link=quiet, mu=bright, **pace)),
    )

"""A session before it begins: what light, what line, on which terms, and what is shared beforehand."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qlearn._types import Bits
from qlearn.communication import bb84, photons, random_bits
from qlearn.communication.bb84.transmission import Origin
from qlearn.communication.secret_key import (
    SESSION_BITS,
    AuthenticationKey,
    DistilledKey,
    PublicChannel,
    distill,
)

Sent = bb84.Transmission | photons.LaserTransmission
Given = Sent | bb84.SiftedKeys

_LINK = replace(photons.LINKS["lim2014"], afterpulse=0.0)
_TWO = photons.Source((0.63, 0.21), (0.36, 0.64), p_x=0.32)
_THREE = photons.Source((0.72, 0.26, 2e-4), (0.18, 0.51, 0.31), p_x=0.33)


@dataclass(frozen=True)
class Plan:
    """Everything about a session that is drawn before it begins; `source` is None for single photons."""

    pulses: int
    source: photons.Source | None
    line: dict[str, Any]
    sifted: bool
    terms: dict[str, Any]
    pool: tuple[int, bool]
    seed: int

    @classmethod
    def draw(cls, seed: int, rng: np.random.Generator, *, small: bool, lasers: bool) -> "Plan":
        """Draw a session; a small one takes less time, and the chances that it fails are not extreme."""
        listens = bb84.InterceptResend(rng.uniform(0, 0.3), rng.choice(["random", "Z", "X", "breidbart"]))
        noisy, sampled = rng.random() < 0.15, rng.random() < 0.05
        terms = {
            "security": _one(
                rng, [1e-3, 1e-4], 3 * [1e-3, 1e-3, 1e-4] + [0.1, 1 - 1e-9, 1e-10, 1e-100], small
            ),
            "correctness": _one(rng, [1e-3, 1e-4], [1e-6, 1e-6, 1e-8, 1e-15, 1 - 1e-9, 1e-100], small),
            "reconciliation": str(rng.choice(["cascade", "ldpc"], p=[0.75, 0.25])),
            "rng": seed,
        }
        pools = [
            (SESSION_BITS, False),
            (3 * SESSION_BITS, False),
            (SESSION_BITS, True),
            (SESSION_BITS - 1, False),
        ]
        pool = pools[rng.choice(4, p=[0.55, 0.15, 0.25, 0.05])]
        if lasers and rng.random() < (0.06 if small else 0.15):
            source = _TWO if small or rng.random() < 0.7 else _THREE
            pulses = int(rng.integers(1_000_000, 1_500_000)) * (1 if source is _TWO else 2)
            laser = {"transmittance": rng.uniform(0.9, 1)}
            return cls(pulses, source, laser, False, terms, pool, seed)
        single = {
            "noise": rng.uniform(0, 0.12 if noisy else 0.015),
            "p_x": 0.5 if rng.random() < 0.75 else rng.uniform(0.05, 0.95),
            "loss_db": 0.0 if rng.random() < 0.85 else rng.uniform(0, 3),
            "eavesdropper": listens if rng.random() < 0.1 else None,
        }
        terms["sample"] = {basis: int(rng.integers(0, 900)) for basis in "ZX"} if sampled else None
        pulses = int(rng.integers(*((6_000, 9_001) if small else (5_000, 20_001))))
        return cls(pulses, None, single, bool(rng.random() < 0.4), terms, pool, seed)

    def send(self, *, good: bool = False) -> Sent:
        """Send the pulses, over a good line if that is wanted."""
        if self.source is not None:
            return photons.exchange(self.pulses, link=_LINK, source=self.source, rng=self.seed, **self.line)
        line = {"p_x": self.line["p_x"], "noise": 0.01} if good else self.line
        return bb84.exchange(self.pulses, rng=self.seed, **line)

    def account(self) -> AuthenticationKey:
        """Return a fresh authentication key."""
        bits, kept = self.pool
        return AuthenticationKey(random_bits(bits, rng=self.seed), keep_hash_key=kept)

    def fresh(self, sent: Sent) -> Given:
        """Return pulses, or sifted keys, that no session has used."""
        if isinstance(sent, photons.LaserTransmission):
            return replace(sent, transmission=replace(sent.transmission, origin=Origin("laser pulses")))
        unused = replace(sent, origin=Origin())
        return bb84.sift(unused) if self.sifted else unused

    def distil(self, given: Given, pool: AuthenticationKey, line: PublicChannel) -> DistilledKey:
        """Hold the session that fits the light."""
        if isinstance(given, photons.LaserTransmission):
            return photons.distill(given, authentication_key=pool, channel=line, **self.terms)
        return distill(given, authentication_key=pool, channel=line, **self.terms)

    def bases(self, sent: Sent) -> Bits:
        """Return the bases of what an honest sifting keeps."""
        return _sifted(sent).bases

    def may_be_compared(self, sent: Sent) -> Bits:
        """Return those of Alice's bits that Bob may be asked for: of laser pulses, the ones in X."""
        sifted = _sifted(sent)
        return sifted.alice if self.source is None else sifted.alice[sifted.bases == 1]


def _one(rng: np.random.Generator, few: list[float], many: list[float], small: bool) -> float:
    return float(rng.choice(few if small else many))


def _sifted(sent: Sent) -> bb84.SiftedKeys:
    return sent.sift() if isinstance(sent, photons.LaserTransmission) else bb84.sift(sent)

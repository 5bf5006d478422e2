"""One session: the steps from sifted bits to equal secret keys, and what each of them costs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, floor

import numpy as np
from tqdm import tqdm

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.bb84.sifting import SiftedKeys
from qlearn.communication.entropy import binary_entropy
from qlearn.communication.postprocessing.amplification import amplify
from qlearn.communication.postprocessing.authentication import SESSION_BITS, AuthenticationKey, authenticate
from qlearn.communication.postprocessing.channel import NoKey, PublicChannel
from qlearn.communication.postprocessing.estimation import Estimated, estimate
from qlearn.communication.postprocessing.finite import margin
from qlearn.communication.postprocessing.ledger import Ledger
from qlearn.communication.postprocessing.reconciliation.reconciled import Corrected
from qlearn.communication.postprocessing.verification import verify


@dataclass(eq=False)
class Session:
    """One run through the steps; `step` and `ledger` say how far it came, whatever ends it."""

    line: PublicChannel
    rng: np.random.Generator
    security: float
    correctness: float
    correct: Callable[..., Corrected]
    step: str = "sift"
    said: int = 0
    ledger: Ledger = field(default_factory=Ledger)

    def run(
        self, sifted: SiftedKeys, sample: dict[str, int] | None, pool: AuthenticationKey, bar: tqdm
    ) -> tuple[Bits, Bits]:
        """Go through the steps, or raise NoKey at the one that fails."""
        self._begin(sifted, pool)
        seen = self._estimate(sifted, sample)
        bar.update()
        keys, frame = self._reconcile(seen)
        bar.update()
        keys = self._verify(keys, frame)
        bar.update()
        alice, bob = self._amplify(keys, seen)
        bar.update()
        self._authenticate(pool)
        bar.update()
        pool.refill(alice[:SESSION_BITS])
        return alice[SESSION_BITS:], bob[SESSION_BITS:]

    def _note(self, what: str, bits: float) -> None:
        self.ledger = self.ledger.add(self.step, what, int(bits))

    def _begin(self, sifted: SiftedKeys, pool: AuthenticationKey) -> None:
        self._note("bits whose bases agree", len(sifted))
        for name, key in (("Alice's", sifted.alice), ("Bob's", sifted.bob)):
            if len(sifted) > 1 and (key == key[0]).all():
                raise NoKey("sift", f"{name} {len(sifted)} bits are all {key[0]}: no random source does that")
        if pool.left < SESSION_BITS:
            raise NoKey(
                "authenticate",
                f"the authentication key has {pool.left} bits left and a session spends {SESSION_BITS}: "
                "share new ones",
            )

    def _estimate(self, sifted: SiftedKeys, sizes: dict[str, int] | None) -> Estimated:
        self.step = "estimate"
        # The bases were public already; now they stand in the transcripts that the tags protect.
        self.line.send("alice", "sift", np.packbits(sifted.bases))
        seen = estimate(sifted, sizes, security=self.security, channel=self.line, rng=self.rng)
        self._note("compared in public", -sum(seen.sizes.values()))
        rates = ", ".join(f"{rate:.1%} in {basis}" for basis, rate in seen.qber_by_basis.items())
        # Shannon's least: whatever the reconciliation, it will have to say that much.
        least = len(seen.remaining) * float(binary_entropy(min(0.5, seen.qber)))
        if seen.secret_bits() - least <= margin(self.security) + SESSION_BITS:
            raise NoKey(
                self.step,
                f"of {sum(seen.sizes.values())} compared bits {rates} are wrong: that many errors, in a "
                "sample of that size, leave no secret. Find the errors, or send more pulses",
            )
        return seen

    def _reconcile(self, seen: Estimated) -> tuple[SiftedKeys, int]:
        self.step = "reconcile"
        keys = seen.remaining
        # No errors in a sample does not promise none outside it.
        qber = min(0.5, max(seen.qber, 1 / sum(seen.sizes.values())))
        try:
            corrected = self.correct(keys.alice, keys.bob, qber, channel=self.line, rng=self.rng)
        except (ValueError, IndexError) as error:  # what a message says after Eve has changed it
            raise NoKey(self.step, f"what was said makes no sense: {error}") from error
        self._note("said to correct errors", -corrected.disclosed)
        self.said += corrected.disclosed
        return SiftedKeys(keys.alice, corrected.bob, keys.bases), corrected.frame

    def _verify(self, keys: SiftedKeys, frame: int) -> SiftedKeys:
        self.step = "verify"
        before = self.line.disclosed.get(self.step, 0)
        good = verify(keys.alice, keys.bob, frame, channel=self.line, failure=self.correctness, rng=self.rng)
        tags = self.line.disclosed[self.step] - before
        self._note("tags of the frames", -tags)
        self.said += tags
        if not good.any():
            raise NoKey(self.step, "no frame of the two keys agrees: the correction of errors failed")
        if good.all():
            return keys
        keep = np.repeat(good, frame)[: len(keys)]
        self._note(
            f"frames that differ: {np.count_nonzero(~good)} of {good.size}", -int(np.count_nonzero(~keep))
        )
        return SiftedKeys(keys.alice[keep], keys.bob[keep], keys.bases[keep])

    def _amplify(self, keys: SiftedKeys, seen: Estimated) -> tuple[Bits, Bits]:
        self.step = "amplify"
        safe = floor(seen.secret_bits(keys.bits_by_basis) - margin(self.security)) - self.said
        secrecy = ceil(margin(self.security))
        self._note("what Eve may know", safe + secrecy - self.ledger.left)
        self._note("margin of the hashing", -secrecy)
        if safe <= SESSION_BITS:
            raise NoKey(
                self.step,
                f"{safe} bits would be secret, and the authentication of the session costs {SESSION_BITS}: "
                "send more pulses, or find the errors",
            )
        return amplify(keys.alice, keys.bob, safe, channel=self.line, rng=self.rng)

    def _authenticate(self, pool: AuthenticationKey) -> None:
        self.step = "authenticate"
        forged = authenticate(self.line, pool)
        self._note("renews the authentication key", -SESSION_BITS)
        self.ledger = Ledger(
            self.ledger.entries,
            {"secrecy": self.security, "correctness": self.correctness, "authentication": forged},
        )

r"""Federation costs: key bits, minutes of a link and bytes of a training, under quantum keys and beside ML-KEM."""

from dataclasses import dataclass

from qlearn._checks import as_count, as_real
from qlearn.communication.key_management.post_quantum import post_quantum_schemes
from qlearn.networks.secure_aggregation.fixed_point import bytes_for
from qlearn.networks.secure_aggregation.key_budget import KeyBudget, Method

KEM = "ML-KEM-768"
"""What the pairs agree on secrets by where no quantum key is used."""


@dataclass(frozen=True)
class FederationCost:
    r"""What a whole training takes, of hospitals that all share keys with each other.

    .. math:: \text{key} = R\,\frac{n(n-1)}2\,k_\text{pair}, \qquad t = \frac{R\,(n-1)\,k_\text{pair}}{r}

    with the key of a pair and round from :class:`~qlearn.networks.secure_aggregation.KeyBudget`, and a link that makes r bits
    a second for each hospital, for all its pairs together.

    Parameters
    ----------
    n_sites : int
        :math:`n`, at least 2.
    parameters : int
        Numbers of the model; one word more is sent, the weight.
    rounds : int
        :math:`R`.
    word_bits : int
        Bits of a word.
    method : {"pads", "shared masks", "stretched", "sealed"}
        As in :class:`~qlearn.networks.secure_aggregation.KeyBudget`, tags counted where shares are sent.

    Examples
    --------
    >>> cost = FederationCost(n_sites=5, parameters=31, rounds=20)
    >>> cost.key_bits_a_round, cost.key_bits, round(cost.minutes(1000.0), 1), cost.handshake_bytes
    (66560, 1331200, 8.9, 22720)

    References
    ----------
    NIST FIPS 203 (2024), table 3, for the bytes of ML-KEM.
    """

    n_sites: int
    parameters: int
    rounds: int
    word_bits: int = 64
    method: Method = "shared masks"

    def __post_init__(self) -> None:
        as_count(self.parameters, "parameters")
        as_count(self.rounds, "rounds")
        _ = self.budget  # which refuses the rest

    @property
    def budget(self) -> KeyBudget:
        """The budget of one round."""
        return KeyBudget(self.n_sites, self.parameters + 1, self.word_bits, self.method, tags=True)

    @property
    def key_bits_a_round(self) -> int:
        """Key bits that all pairs draw in a round."""
        return self.budget.total

    @property
    def key_bits(self) -> int:
        """Key bits that all pairs draw for the training."""
        return self.rounds * self.budget.total

    @property
    def site_key_bits(self) -> int:
        """Key bits that leave the store of one hospital for the training."""
        return self.rounds * self.budget.per_client

    def minutes(self, rate: float) -> float:
        """Return the minutes in which a link of `rate` bits of key a second and hospital pays for the training."""
        return self.site_key_bits / as_real(rate, "rate", above=0) / 60

    @property
    def update_bytes(self) -> int:
        """Bytes of masked words that one hospital sends in the training, shares and signatures apart."""
        return self.rounds * bytes_for(self.parameters + 1, self.word_bits)

    @property
    def handshake_bytes(self) -> int:
        """Bytes that give all pairs a secret by one exchange of ML-KEM-768 each: a public key and an answer, signatures apart."""
        scheme = next(one for one in post_quantum_schemes() if one.name == KEM)
        return self.n_sites * (self.n_sites - 1) // 2 * scheme.on_the_line

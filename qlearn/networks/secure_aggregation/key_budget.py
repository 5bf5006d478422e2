r"""Key budget: the bits of key that a secure sum costs, against the rate of a link."""

from dataclasses import dataclass
from typing import Literal

from qlearn._checks import as_choice, as_count, as_real
from qlearn.networks.secure_aggregation.pairwise_pads import SEED_BYTES, TAG_KEY_BYTES
from qlearn.networks.secure_aggregation.sealed_lines import SESSION_KEY_BITS

Method = Literal["pads", "shared masks", "stretched", "sealed"]
METHODS = ("pads", "shared masks", "stretched", "sealed")
"""Ways to spend key in a round, of :class:`KeyBudget`."""

SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True)
class KeyBudget:
    r"""Key bits of one round over a complete graph of clients: :math:`d` words of :math:`w` bits, :math:`n` clients.

    ==============  ================================  =====================================================
    method          bits a client                     what it buys
    ==============  ================================  =====================================================
    "pads"          :math:`(n-1)\,d w`                 one-time pads; all must answer
    "shared masks"  :math:`3(n-1)\,d w`                one-time pads; dropouts are recovered
    "stretched"     :math:`3 \cdot 256\,(n-1)`         AES instead of pads; dropouts are recovered, any d
    "sealed"        256                               AES-GCM to the server, who reads every update
    ==============  ================================  =====================================================

    Each bit of a pair is counted at both of its ends, as it leaves the store of both. With `tags` the two Poly1305 tags
    that a pair's shares take are counted, 256 bits each where shares are sent.

    Parameters
    ----------
    n_clients : int
        :math:`n`, at least 2.
    words : int
        :math:`d`, the weight included.
    word_bits : int
        :math:`w`.
    method : {"pads", "shared masks", "stretched", "sealed"}
        As above.
    tags : bool
        Whether tags are counted.

    Examples
    --------
    A model of 16 parameters and its weight, ten clients, a link of 300 kbit/s:

    >>> budget = KeyBudget(n_clients=10, words=17)
    >>> budget.per_client, round(budget.seconds(300e3), 3)
    (9792, 0.033)
    >>> KeyBudget(10, words=10**6).rounds(300e3)
    45

    References
    ----------
    Counts derived here. Shannon, Bell Syst. Tech. J. 28, 656 (1949), doi:10.1002/j.1538-7305.1949.tb00928.x: a pad has as
    many bits as what it hides.
    """

    n_clients: int
    words: int
    word_bits: int = 64
    method: Method = "pads"
    tags: bool = False

    def __post_init__(self) -> None:
        as_count(self.n_clients, "n_clients", least=2)
        as_count(self.words, "words")
        as_count(self.word_bits, "word_bits")
        as_choice(self.method, METHODS, "method")

    @property
    def per_pair(self) -> int:
        """Key bits of one pair of clients in a round; 0 for "sealed", where clients share nothing."""
        mask = 8 * SEED_BYTES if self.method == "stretched" else self.words * self.word_bits
        masks = {"pads": 1, "shared masks": 3, "stretched": 3, "sealed": 0}[self.method]
        with_shares = self.tags and masks == 3
        return masks * mask + 2 * 8 * TAG_KEY_BYTES * with_shares

    @property
    def per_client(self) -> int:
        """Key bits that leave the store of one client in a round."""
        return SESSION_KEY_BITS if self.method == "sealed" else (self.n_clients - 1) * self.per_pair

    @property
    def total(self) -> int:
        """Key bits that all links make for a round."""
        if self.method == "sealed":
            return self.n_clients * SESSION_KEY_BITS
        return self.n_clients * (self.n_clients - 1) // 2 * self.per_pair

    def seconds(self, rate: float) -> float:
        """Return the seconds until a round is paid, if each client gets `rate` bits of key a second for all its pairs."""
        return self.per_client / as_real(rate, "rate", above=0)

    def rounds(self, rate: float, seconds: float = SECONDS_A_DAY) -> int:
        """Return the whole rounds that so many seconds of key pay for, a day's if nothing is said."""
        return int(as_real(seconds, "seconds", least=0) * as_real(rate, "rate", least=0) // self.per_client)

    def most_words(self, rate: float, seconds: float) -> int | None:
        """Return how many words an update may have if a round takes at most so many seconds of key; None: any number.

        0 if not even one word is paid for, or one seed where the pads are stretched.
        """
        bits = as_real(rate, "rate", least=0) * as_real(seconds, "seconds", least=0)
        if self.method in ("stretched", "sealed"):
            return None if bits >= self.per_client else 0
        masks = 3 if self.method == "shared masks" else 1
        fixed = 2 * 8 * TAG_KEY_BYTES * (self.tags and masks == 3)
        return max(0, int((bits / (self.n_clients - 1) - fixed) // (masks * self.word_bits)))

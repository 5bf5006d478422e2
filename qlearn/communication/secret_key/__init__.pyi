from .authentication import (
    SESSION_BITS as SESSION_BITS,
    AuthenticationKey as AuthenticationKey,
    authenticate as authenticate,
    forgery_probability as forgery_probability,
    tag as tag,
)
from .distillation import DistilledKey as DistilledKey, distill as distill
from .finite_key import (
    finite_key_length as finite_key_length,
    hashing_margin as hashing_margin,
    key_rate as key_rate,
    sample_sizes as sample_sizes,
    serfling_deviation as serfling_deviation,
    tolerable_qber as tolerable_qber,
)
from .ledger import Ledger as Ledger, LedgerEntry as LedgerEntry
from .man_in_the_middle import ManInTheMiddle as ManInTheMiddle
from .one_time_pad import encrypt as encrypt
from .parameter_estimation import (
    EstimationResult as EstimationResult,
    PhaseErrorBound as PhaseErrorBound,
    estimate as estimate,
)
from .privacy_amplification import amplify as amplify, toeplitz_hash as toeplitz_hash
from .public_channel import (
    ChannelError as ChannelError,
    Message as Message,
    NoKey as NoKey,
    PublicChannel as PublicChannel,
    Receive as Receive,
    Send as Send,
    converse as converse,
)
from .reconciliation._interface import CorrectedKey as CorrectedKey
from .reconciliation.methods import ReconciledKeys as ReconciledKeys, reconcile as reconcile
from .sifting import each_side as each_side, sift_as_alice as sift_as_alice, sift_as_bob as sift_as_bob
from .streaming import distill_stream as distill_stream
from .verification import verify as verify

from .authentication import (
    SESSION_BITS as SESSION_BITS,
    AuthenticationKey as AuthenticationKey,
    authenticate as authenticate,
    forgery_probability as forgery_probability,
    tag as tag,
)
from .distillation import RECONCILERS as RECONCILERS, DistilledKey as DistilledKey, distill as distill
from .finite_key import (
    deviation as deviation,
    finite_key_length as finite_key_length,
    key_rate as key_rate,
    margin as margin,
    sample_sizes as sample_sizes,
    tolerable_qber as tolerable_qber,
)
from .man_in_the_middle import ManInTheMiddle as ManInTheMiddle
from .one_time_pad import seal as seal
from .parameter_estimation import (
    EstimationResult as EstimationResult,
    PhaseErrorBound as PhaseErrorBound,
    estimate as estimate,
)
from .privacy_amplification import amplify as amplify, toeplitz_hash as toeplitz_hash
from .public_channel import (
    ChannelError as ChannelError,
    Hear as Hear,
    Message as Message,
    NoKey as NoKey,
    PublicChannel as PublicChannel,
    Say as Say,
    converse as converse,
)
from .reconciliation.cascade import cascade as cascade
from .reconciliation.ldpc import ldpc as ldpc
from .reconciliation.results import (
    CorrectedKey as CorrectedKey,
    ReconciledKeys as ReconciledKeys,
    Reconciler as Reconciler,
)
from .session import Ledger as Ledger, LedgerEntry as LedgerEntry
from .streaming import distill_stream as distill_stream
from .verification import verify as verify

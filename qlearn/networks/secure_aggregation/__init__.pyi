from .aggregation_server import (
    AggregationServer as AggregationServer,
    ClientFailure as ClientFailure,
    SecureAggregationAborted as SecureAggregationAborted,
)
from .fixed_point import (
    FixedPoint as FixedPoint,
    ternary_word_bits as ternary_word_bits,
    value_word_bits as value_word_bits,
)
from .key_budget import KeyBudget as KeyBudget
from .key_source import (
    KeySessionAborted as KeySessionAborted,
    KeySource as KeySource,
    StoreKeys as StoreKeys,
)
from .lying_server import (
    Lie as Lie,
    answer_as_asked as answer_as_asked,
    both_secrets as both_secrets,
    show_two_lists as show_two_lists,
)
from .masked_client import MaskedClient as MaskedClient
from .pairwise_pads import (
    PairKeys as PairKeys,
    pairwise_mask as pairwise_mask,
    stretched_pad as stretched_pad,
)
from .privacy import (
    PrivacyLoss as PrivacyLoss,
    clip_update as clip_update,
    noise_share as noise_share,
    privacy_loss as privacy_loss,
)
from .round_messages import (
    Joined as Joined,
    Masked as Masked,
    Members as Members,
    Opening as Opening,
    Request as Request,
    Revealed as Revealed,
    RoundMessage as RoundMessage,
    Shared as Shared,
    Signed as Signed,
    Survivors as Survivors,
    pack as pack,
    unpack as unpack,
)
from .sealed_lines import encrypted_post as encrypted_post, hybrid_sessions as hybrid_sessions
from .secret_shares import recover_secret as recover_secret, threshold_shares as threshold_shares
from .secure_rounds import (
    Post as Post,
    SecureHistory as SecureHistory,
    SecureRound as SecureRound,
    SecureSum as SecureSum,
    aggregate as aggregate,
    secure_run as secure_run,
)
from .server_view import (
    ServerView as ServerView,
    simulated_view as simulated_view,
    uniformity as uniformity,
)
from .survivors import (
    RefusedMessage as RefusedMessage,
    Signer as Signer,
    Terms as Terms,
    verify_signature as verify_signature,
)
from .threshold import (
    least_threshold as least_threshold,
    opened_sums as opened_sums,
    single_threshold as single_threshold,
    worst_opening as worst_opening,
)

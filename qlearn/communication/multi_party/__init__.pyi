from .anonymous import (
    AnonymousPair as AnonymousPair,
    anonymous_pair as anonymous_pair,
    broadcast as broadcast,
    parity_circuit as parity_circuit,
)
from .private_sums import (
    PrivateSum as PrivateSum,
    announce as announce,
    pairwise_pads as pairwise_pads,
    phase_sum as phase_sum,
    total as total,
    turn as turn,
)
from .secret_sharing import (
    Insider as Insider,
    SharedRounds as SharedRounds,
    combine_shares as combine_shares,
    insider as insider,
    reconstruct as reconstruct,
    share as share,
    sharing_circuit as sharing_circuit,
    split_secret as split_secret,
)
from .voting import (
    Election as Election,
    SlotElection as SlotElection,
    phase_vote as phase_vote,
    slot_vote as slot_vote,
)

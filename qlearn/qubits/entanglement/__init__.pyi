from .bell_inequality import (
    ALICE as ALICE,
    BOB as BOB,
    behaviour as behaviour,
    chsh as chsh,
    chsh_at as chsh_at,
    chsh_settings as chsh_settings,
    correlations as correlations,
    direction as direction,
    signalling as signalling,
)
from .chsh_game import (
    GameRounds as GameRounds,
    play_chsh as play_chsh,
    winning_probability as winning_probability,
)
from .measures import (
    SchmidtDecomposition as SchmidtDecomposition,
    concurrence as concurrence,
    entanglement_entropy as entanglement_entropy,
    entropy as entropy,
    residual_tangle as residual_tangle,
    schmidt as schmidt,
    tangle as tangle,
)
from .states import (
    BELL_NAMES as BELL_NAMES,
    bell_state as bell_state,
    ghz as ghz,
    measure_half as measure_half,
    probe as probe,
    werner as werner,
)

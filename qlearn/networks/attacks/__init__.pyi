from .attack_tuning import TunedAttack as TunedAttack, tune_attack as tune_attack
from .gradient_inversion import (
    Inversion as Inversion,
    invert_update as invert_update,
    mixture_weights as mixture_weights,
    read_label as read_label,
    read_label_counts as read_label_counts,
    read_sample as read_sample,
    reconstruction_errors as reconstruction_errors,
)
from .impersonation import impersonate as impersonate, tampered as tampered
from .label_flip import LabelFlip as LabelFlip, flip_labels as flip_labels
from .model_extraction import (
    Boundary as Boundary,
    Copy as Copy,
    FourierModel as FourierModel,
    Heard as Heard,
    Tap as Tap,
    agreement as agreement,
    extract as extract,
    solve_boundary as solve_boundary,
    solve_fourier as solve_fourier,
    solve_softmax as solve_softmax,
)
from .model_poisoning import (
    Colluders as Colluders,
    InsideSpread as InsideSpread,
    ModelReplacement as ModelReplacement,
    SignFlip as SignFlip,
    crafted_update as crafted_update,
    little_is_enough as little_is_enough,
)
from .replay_attack import Replay as Replay
from .sybil_attack import Sybil as Sybil, sybils as sybils, sybils_needed as sybils_needed

from .bit_channels import (
    BitChannel as BitChannel,
    ClassicalChannel as ClassicalChannel,
    Cost as Cost,
    DirectQubits as DirectQubits,
    SuperdenseChannel as SuperdenseChannel,
)
from .fixed_point_errors import (
    WordError as WordError,
    mean_word_error as mean_word_error,
    word_error as word_error,
)
from .qubit_account import (
    LineAccount as LineAccount,
    line_account as line_account,
    useful_age as useful_age,
)
from .remote_training import RemoteRun as RemoteRun, train_remote as train_remote
from .stationary_noise import NoiseFloor as NoiseFloor, noise_floor as noise_floor
from .unequal_protection import (
    Repetitions as Repetitions,
    best_repetitions as best_repetitions,
    majority_error as majority_error,
)
from .word_transfer import Transfer as Transfer, send_words as send_words

from .fixed_point import (
    FixedPoint as FixedPoint,
    ternary_word_bits as ternary_word_bits,
    value_word_bits as value_word_bits,
)
from .secret_shares import recover_secret as recover_secret, threshold_shares as threshold_shares

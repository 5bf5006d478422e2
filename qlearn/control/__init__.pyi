from . import (
    adaptive_qkd as adaptive_qkd,
    channel_estimation as channel_estimation,
    classical_links as classical_links,
    eavesdropper_detection as eavesdropper_detection,
    side_channels as side_channels,
    state_selection as state_selection,
)

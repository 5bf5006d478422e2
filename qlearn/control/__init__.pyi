from . import (
    channel_estimation as channel_estimation,
    eavesdropper_detection as eavesdropper_detection,
)

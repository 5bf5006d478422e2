from . import (
    channel_estimation as channel_estimation,
    side_channels as side_channels,
)

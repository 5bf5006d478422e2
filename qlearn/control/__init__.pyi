from . import (
    channel_estimation as channel_estimation,
)

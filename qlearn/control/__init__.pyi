from . import (
    channel_estimation as channel_estimation,
    state_selection as state_selection,
)

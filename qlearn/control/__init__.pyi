from . import (
    adaptive_qkd as adaptive_qkd,
    channel_estimation as channel_estimation,
)

from .throttling import (
    FloodRun as FloodRun,
    bucket_passes as bucket_passes,
    fair_shares as fair_shares,
    flood_goodput as flood_goodput,
    serve_flood as serve_flood,
)
from .user_association import (
    Association as Association,
    associate as associate,
    transfer_times as transfer_times,
)

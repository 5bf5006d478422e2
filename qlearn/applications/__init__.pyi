from . import (
    finance as finance,
    hospital as hospital,
    routing_6g as routing_6g,
    standards as standards,
    telemetry as telemetry,
    whole_way as whole_way,
)

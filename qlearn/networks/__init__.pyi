from . import (
    attacks as attacks,
    federated as federated,
    flower_app as flower_app,
    orchestration as orchestration,
    secure_aggregation as secure_aggregation,
)

from . import (
    attacks as attacks,
    federated as federated,
    secure_aggregation as secure_aggregation,
)

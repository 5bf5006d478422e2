from . import (
    attacks as attacks,
    federated as federated,
    flower_app as flower_app,
    ledger as ledger,
    secure_aggregation as secure_aggregation,
)

from . import (
    attacks as attacks,
    distillation as distillation,
    federated as federated,
    flower_app as flower_app,
    graph_networks as graph_networks,
    ledger as ledger,
    orchestration as orchestration,
    secure_aggregation as secure_aggregation,
    superdense_link as superdense_link,
)

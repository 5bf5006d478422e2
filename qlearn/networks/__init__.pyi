from . import (
    attacks as attacks,
    federated as federated,
    flower_app as flower_app,
    graph_networks as graph_networks,
    secure_aggregation as secure_aggregation,
)

from . import federated as federated, secure_aggregation as secure_aggregation

from . import attacks as attacks, federated as federated

from .deployment import Deployment as Deployment, deploy as deploy, node_key as node_key
from .federation import Federation as Federation
from .in_process import loop as loop
from .quantum_keys import KeyAccount as KeyAccount, SecureTraining as SecureTraining, secure as secure
from .simulation import simulate as simulate

from .deployment import Deployment as Deployment, deploy as deploy, node_key as node_key
from .federation import Federation as Federation
from .in_process import loop as loop
from .quantum_keys import (
    KeyAccount as KeyAccount,
    SecureTraining as SecureTraining,
    round_key_bits as round_key_bits,
    secure as secure,
    train_under_keys as train_under_keys,
)
from .simulation import simulate as simulate
from .stored_key import (
    KME_ID as KME_ID,
    RunningService as RunningService,
    StoredKey as StoredKey,
    key_service as key_service,
    store_key as store_key,
)

from .buffer_sizing import (
    KeyTraffic as KeyTraffic,
    StockRun as StockRun,
    follow_stock as follow_stock,
    refused_share as refused_share,
    smallest_store as smallest_store,
)
from .client import AsyncKMEClient as AsyncKMEClient, KMEClient as KMEClient, KMEError as KMEError
from .combiners import (
    Combiner as Combiner,
    hash_combiner as hash_combiner,
    mix_and_match as mix_and_match,
    rebind as rebind,
    steer_xor as steer_xor,
    transcript_combiner as transcript_combiner,
    x_wing_combiner as x_wing_combiner,
    xor_combiner as xor_combiner,
)
from .demo_pki import DemoPKI as DemoPKI
from .encrypted_session import EncryptedSession as EncryptedSession, SessionError as SessionError
from .hybrid_keys import HybridContext as HybridContext, cat_kdf as cat_kdf, hybrid_key as hybrid_key
from .key_delivery import key_delivery_app as key_delivery_app
from .key_store import (
    DeliveredKey as DeliveredKey,
    KeysNotFound as KeysNotFound,
    KeyStore as KeyStore,
    NotEnoughKeys as NotEnoughKeys,
    NotNamed as NotNamed,
)
from .post_quantum import (
    FAMILIES as FAMILIES,
    MEASURABLE as MEASURABLE,
    PostQuantumScheme as PostQuantumScheme,
    measured_sizes as measured_sizes,
    post_quantum_schemes as post_quantum_schemes,
)
from .replenishment import Replenisher as Replenisher, file_source as file_source, link_source as link_source
from .server import serve as serve
from .settings import KMESettings as KMESettings
from .store_file import StoreUnavailable as StoreUnavailable
from .tls import client_context as client_context, server_context as server_context
from .trusted_node import (
    RelayError as RelayError,
    TrustedNode as TrustedNode,
    relay_over_links as relay_over_links,
)
from .trusted_relay import CarriedKey as CarriedKey, relay_over_kmes as relay_over_kmes
from .x_wing import (
    XWingPrivateKey as XWingPrivateKey,
    combine_x_wing as combine_x_wing,
    x_wing_encapsulate as x_wing_encapsulate,
)

from .client import AsyncKMEClient as AsyncKMEClient, KMEClient as KMEClient, KMEError as KMEError
from .demo_pki import DemoPKI as DemoPKI
from .key_delivery import key_delivery_app as key_delivery_app
from .key_store import (
    DeliveredKey as DeliveredKey,
    KeysNotFound as KeysNotFound,
    KeyStore as KeyStore,
    NotEnoughKeys as NotEnoughKeys,
    NotNamed as NotNamed,
    StoreUnavailable as StoreUnavailable,
)
from .replenishment import Replenisher as Replenisher, file_source as file_source, link_source as link_source
from .server import serve as serve
from .settings import KMESettings as KMESettings
from .tls import client_context as client_context, server_context as server_context

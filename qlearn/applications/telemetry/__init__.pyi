from .airtime import (
    fragments as fragments,
    ieee802154_airtime as ieee802154_airtime,
    lora_airtime as lora_airtime,
)
from .day import DayReport as DayReport, simulate_day as simulate_day
from .demand import key_demand as key_demand
from .device_budget import (
    OPERATIONS as OPERATIONS,
    Device as Device,
    Operation as Operation,
    flash_for_keys as flash_for_keys,
)
from .frame_sizes import (
    CIPHERS as CIPHERS,
    FrameSize as FrameSize,
    frame_size as frame_size,
    open_frame as open_frame,
    seal_frame as seal_frame,
)
from .gateway import Gateway as Gateway, Received as Received
from .handshake import Handshake as Handshake, post_quantum_handshake as post_quantum_handshake
from .packets import FrameRefused as FrameRefused
from .replay_window import ReplayWindow as ReplayWindow
from .sensor import Flash as Flash, KeyExhausted as KeyExhausted, Sensor as Sensor
from .service_keys import kme_source as kme_source
from .supply import (
    key_supply as key_supply,
    sensors_fed as sensors_fed,
    shortest_rotation as shortest_rotation,
)
from .threats import (
    PROTECTIONS as PROTECTIONS,
    THREATS as THREATS,
    Answer as Answer,
    ThreatTable as ThreatTable,
    threat_table as threat_table,
)

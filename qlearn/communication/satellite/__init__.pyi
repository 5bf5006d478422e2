from .key_per_pass import PassKey as PassKey, fibre_crossing as fibre_crossing, pass_key as pass_key
from .link_budget import (
    DOWNLINKS as DOWNLINKS,
    Downlink as Downlink,
    airmass as airmass,
    atmospheric_transmittance as atmospheric_transmittance,
    diffraction_limit as diffraction_limit,
    geometric_transmittance as geometric_transmittance,
)
from .orbit import (
    EARTH_RADIUS_KM as EARTH_RADIUS_KM,
    Pass as Pass,
    elevation as elevation,
    overpass as overpass,
    slant_range as slant_range,
)

from .blocks import VARIANTS as VARIANTS, Variant as Variant
from .protocol import correct as correct

from .binary_search import VARIANTS as VARIANTS, Variant as Variant
from .protocol import correct as correct

from .codes import adapt as adapt
from .protocol import correct as correct

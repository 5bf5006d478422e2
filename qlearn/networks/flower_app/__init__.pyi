from .federation import Federation as Federation
from .in_process import loop as loop

from .binary_search import Bob as Bob, Search as Search
from .blocks import (
    VARIANTS as VARIANTS,
    Alice as Alice,
    Blocks as Blocks,
    Variant as Variant,
    block_sizes as block_sizes,
)
from .protocol import (
    cascade as cascade,
    correct as correct,
    most_errors as most_errors,
    most_questions as most_questions,
)

from .advantage_claims import (
    ADVANTAGE_CLAIMS as ADVANTAGE_CLAIMS,
    READING_QUESTIONS as READING_QUESTIONS,
    AdvantageClaim as AdvantageClaim,
    open_questions as open_questions,
)
from .conformance import ConformanceLine as ConformanceLine, conformance_lines as conformance_lines
from .energy import (
    ComputingEnergy as ComputingEnergy,
    LinkPower as LinkPower,
    computing_energy as computing_energy,
    joules_per_bit as joules_per_bit,
)
from .procurement import (
    PROCUREMENT_QUESTIONS as PROCUREMENT_QUESTIONS,
    Assessment as Assessment,
    Question as Question,
    assess as assess,
)
from .published_standards import (
    PUBLISHED_STANDARDS as PUBLISHED_STANDARDS,
    Standard as Standard,
    standards_on as standards_on,
)
from .trusted_chain import (
    ChainPrices as ChainPrices,
    TrustedChain as TrustedChain,
    cheapest_chain as cheapest_chain,
    price_chain as price_chain,
)

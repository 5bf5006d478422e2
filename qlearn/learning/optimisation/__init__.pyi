from .annealing import AnnealingResult as AnnealingResult, anneal as anneal
from .assignment import AssignmentProblem as AssignmentProblem
from .maxcut import (
    ProductCut as ProductCut,
    RoundedCut as RoundedCut,
    cut_size as cut_size,
    cut_values as cut_values,
    goemans_williamson as goemans_williamson,
    maxcut_bqm as maxcut_bqm,
    product_cut as product_cut,
)
from .qaoa_angles import transfer_angles as transfer_angles
from .qaoa_simulator import QAOASimulator as QAOASimulator
from .qaoa_solvers import (
    QAOAResult as QAOAResult,
    QUBOResult as QUBOResult,
    qaoa as qaoa,
    qaoa_circuit as qaoa_circuit,
    qaoa_energy as qaoa_energy,
    qaoa_qubo as qaoa_qubo,
)
from .qubo import as_bqm as as_bqm, energies as energies
from .routing_and_spectrum import (
    Routing as Routing,
    routing as routing,
    spectrum_allocation as spectrum_allocation,
)

from .beam_splitter import (
    BeamSplitterGenerator as BeamSplitterGenerator,
    conditional_min_entropy as conditional_min_entropy,
)
from .constants import constant_bits as constant_bits
from .entropy_estimates import min_entropy as min_entropy, shannon_entropy as shannon_entropy
from .extractors import (
    circulant_hash as circulant_hash,
    dodis_extract as dodis_extract,
    dodis_length as dodis_length,
    extractor_size as extractor_size,
    leftover_hash_length as leftover_hash_length,
    von_neumann as von_neumann,
)
from .frequency import block_frequency as block_frequency, monobit as monobit
from .markov_source import MarkovSource as MarkovSource
from .matrix_rank import rank as rank
from .maurer_universal import universal as universal
from .next_bit_prediction import Prediction as Prediction, predict_next_bit as predict_next_bit
from .p_values import RandomnessTest as RandomnessTest, uniformity as uniformity
from .pseudo_random import (
    clone_mersenne_twister as clone_mersenne_twister,
    find_seed as find_seed,
    pseudo_random_bits as pseudo_random_bits,
)
from .random_walk import (
    cumulative_sums as cumulative_sums,
    random_excursions as random_excursions,
    random_excursions_variant as random_excursions_variant,
)
from .run_lengths import longest_run as longest_run, runs as runs
from .shift_registers import berlekamp_massey as berlekamp_massey, linear_complexity as linear_complexity
from .sp800_22 import Suite as Suite, suite as suite
from .spectral import dft as dft
from .template_matching import (
    aperiodic_templates as aperiodic_templates,
    non_overlapping_template as non_overlapping_template,
    overlapping_template as overlapping_template,
)
from .trevisan import TrevisanExtractor as TrevisanExtractor
from .untrusted_devices import (
    chsh_min_entropy as chsh_min_entropy,
    source_independent_length as source_independent_length,
    source_independent_min_entropy as source_independent_min_entropy,
)
from .word_frequencies import approximate_entropy as approximate_entropy, serial as serial

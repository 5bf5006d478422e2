from .constants import constant_bits as constant_bits
from .entropy_estimates import min_entropy as min_entropy, shannon_entropy as shannon_entropy
from .frequency import block_frequency as block_frequency, monobit as monobit
from .matrix_rank import rank as rank
from .maurer_universal import universal as universal
from .p_values import RandomnessTest as RandomnessTest, uniformity as uniformity
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
from .word_frequencies import approximate_entropy as approximate_entropy, serial as serial

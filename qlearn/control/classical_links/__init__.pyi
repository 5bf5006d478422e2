from .channels import (
    BurstChannel as BurstChannel,
    all_words as all_words,
    flip_bits as flip_bits,
    gaussian_channel as gaussian_channel,
    word_likelihoods as word_likelihoods,
)
from .compression import (
    BottleneckAutoencoder as BottleneckAutoencoder,
    coded_bits as coded_bits,
    pca_error as pca_error,
    quantise as quantise,
    rate_distortion as rate_distortion,
)
from .denoising import (
    centred_windows as centred_windows,
    fir_error as fir_error,
    telegraph as telegraph,
    telegraph_mean as telegraph_mean,
    wiener_error as wiener_error,
    wiener_weights as wiener_weights,
)
from .hamming import (
    hamming_block_error as hamming_block_error,
    hamming_decode as hamming_decode,
    hamming_encode as hamming_encode,
    hamming_words as hamming_words,
)
from .interleaving import deinterleave as deinterleave, interleave as interleave
from .learned_decoder import (
    PairedAngles as PairedAngles,
    decision_table as decision_table,
    estimate_flips as estimate_flips,
)
from .maximum_likelihood import (
    block_error as block_error,
    most_likely as most_likely,
    soft_decode as soft_decode,
)
from .reed_solomon import (
    ReedSolomonCounts as ReedSolomonCounts,
    reed_solomon_block_error as reed_solomon_block_error,
    try_reed_solomon as try_reed_solomon,
)

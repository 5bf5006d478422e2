r"""The classical side of a link: compression, codes and filters, their optimum, and what a learner adds.

>>> from qlearn.control import classical_links as links
>>> round(links.hamming_block_error(0.01), 8)                      # seven bits, one error mended
0.00203104
>>> words = links.word_likelihoods(links.hamming_words(), 0.02, 0.2)  # a line on which ones suffer
>>> decisions = links.most_likely(words)
>>> round(links.block_error(decisions, words), 8)                  # no decoder of these words errs less
0.16382331
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)

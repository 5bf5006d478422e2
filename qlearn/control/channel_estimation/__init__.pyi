from .drift import gauss_markov as gauss_markov

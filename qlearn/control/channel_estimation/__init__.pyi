from .drift import gauss_markov as gauss_markov
from .kalman import (
    Filtered as Filtered,
    KalmanFilter as KalmanFilter,
    SteadyState as SteadyState,
    fixed_gain_variance as fixed_gain_variance,
    kalman_steady_state as kalman_steady_state,
)

from .federation_costs import FederationCost as FederationCost
from .membership_attack import (
    MembershipInference as MembershipInference,
    loss_threshold as loss_threshold,
    membership_inference as membership_inference,
    row_losses as row_losses,
)
from .record_privacy import (
    clipped_gradient_sum as clipped_gradient_sum,
    gaussian_epsilon as gaussian_epsilon,
    largest_advantage as largest_advantage,
    private_descent as private_descent,
)
from .sites import Site as Site, hospital_sites as hospital_sites
from .sum_defences import RoundCheck as RoundCheck, SumClipping as SumClipping

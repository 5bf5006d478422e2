from .base_station import (
    RadioCell as RadioCell,
    seen_from as seen_from,
    teach_moving_station as teach_moving_station,
)
from .ensembles import Ensemble as Ensemble, merged_probabilities as merged_probabilities
from .gate_counts import ModelCost as ModelCost, model_cost as model_cost
from .knowledge_distillation import distill as distill, teacher_logits as teacher_logits
from .temperature import (
    distillation_gradient as distillation_gradient,
    distillation_loss as distillation_loss,
    soft_labels as soft_labels,
)
from .transfer_learning import transfer as transfer, turned_zones as turned_zones

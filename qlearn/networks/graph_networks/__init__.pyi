from .equivariance import equivariance_defect as equivariance_defect
from .fusion_task import FusionRows as FusionRows, FusionTask as FusionTask
from .graph_fusion import GraphFusion as GraphFusion, mean_squared_error as mean_squared_error
from .hyperparameter_search import (
    HyperparameterSearch as HyperparameterSearch,
    Trial as Trial,
    search_hyperparameters as search_hyperparameters,
)
from .message_passing import MessagePassingNetwork as MessagePassingNetwork
from .mixture_fusion import MixtureFusion as MixtureFusion
from .plain_fusion import (
    CovarianceFusion as CovarianceFusion,
    LinearFusion as LinearFusion,
    MeanFusion as MeanFusion,
    MedianFusion as MedianFusion,
    ScreenedFusion as ScreenedFusion,
)
from .quantum_graph_network import QuantumGraphNetwork as QuantumGraphNetwork

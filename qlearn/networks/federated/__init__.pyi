from ._server import RunStopped as RunStopped
from .aggregation import FedAvg as FedAvg, Strategy as Strategy
from .checkpoint import Checkpoint as Checkpoint
from .client import Client as Client
from .fedprox import FedProx as FedProx
from .history import Failure as Failure, History as History, Round as Round
from .norm_clipping import NormClipping as NormClipping
from .outlier_removal import OutlierRemoval as OutlierRemoval
from .partition import Split as Split, split as split
from .preprocessing import Moments as Moments, pooled_pca as pooled_pca
from .quantiser import QuantisedArray as QuantisedArray, Quantiser as Quantiser
from .robust_aggregation import (
    Bulyan as Bulyan,
    FedMedian as FedMedian,
    FedTrimmedAvg as FedTrimmedAvg,
    Krum as Krum,
    MultiKrum as MultiKrum,
)
from .rounds import resume as resume, run as run
from .scikit_classifier import ScikitClassifier as ScikitClassifier
from .server_optimizers import (
    FedAdagrad as FedAdagrad,
    FedAdam as FedAdam,
    FedAvgM as FedAvgM,
    FedYogi as FedYogi,
)
from .signed_updates import (
    SignedUpdate as SignedUpdate,
    UpdateRefused as UpdateRefused,
    UpdateSigner as UpdateSigner,
    UpdateVerifier as UpdateVerifier,
)

from .aggregation import FedAvg as FedAvg, Strategy as Strategy
from .checkpoint import Checkpoint as Checkpoint
from .client import Client as Client
from .history import Failure as Failure, History as History, Round as Round
from .partition import Split as Split, split as split
from .preprocessing import Moments as Moments, pooled_pca as pooled_pca
from .quantiser import QuantisedArray as QuantisedArray, Quantiser as Quantiser
from .rounds import RunStopped as RunStopped, resume as resume, run as run
from .scikit_classifier import ScikitClassifier as ScikitClassifier

"""Kernels of quantum states: how alike rows are, and machines that see nothing else.

>>> from qlearn.learning.qsvm import FidelityKernel, geometric_difference
>>> K = FidelityKernel("z", reps=1).gram([[0.0], [0.5]])
>>> round(geometric_difference(K, K), 6)  # no kernel differs from itself
1.0

One kernel, four machines: classes, numbers, more rows than a table holds, and numbers with their uncertainty.

>>> import numpy as np
>>> from sklearn.gaussian_process import GaussianProcessRegressor
>>> from qlearn.learning.qsvm import QSVC, QSVR, GaussianProcessKernel, OneClassQSVM, QuantumNystroem
>>> kernel, x = FidelityKernel("z", bandwidth=0.25), np.linspace(-2, 2, 30)[:, None]
>>> QSVC(kernel=kernel, C=100).fit(x, x[:, 0] > 0).score(x, x[:, 0] > 0)
1.0
>>> bool(QSVR(kernel=kernel, C=100).fit(x, np.sin(x[:, 0])).score(x, np.sin(x[:, 0])) > 0.98)
True
>>> OneClassQSVM(kernel=kernel).fit(x).predict([[6.0]])  # unlike all that it was shown
array([-1])
>>> QuantumNystroem(kernel=kernel, n_components=5, random_state=0).fit_transform(x).shape
(30, 5)
>>> process = GaussianProcessRegressor(GaussianProcessKernel(kernel, "fixed"), alpha=1e-6).fit(x, np.sin(x[:, 0]))
>>> bool(abs(process.predict([[0.5]])[0] - np.sin(0.5)) < 1e-4)
True
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)

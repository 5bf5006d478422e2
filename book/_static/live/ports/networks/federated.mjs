// Ports of qlearn/networks/federated with the classifier of two classes that a hospital trains: a line.
// A model is [w0, w1, b].

// qlearn.learning.neural_networks.SoftmaxClassifier(optimizer="sgd", learning_rate=..., batch_size=None, epochs=..., initial=...)
// .fit(X, y).parameters_, for two features: plain descent on the mean cross-entropy
export function fit(X, y, epochs, learning_rate, initial) {
  let [a, b, c] = initial;
  const n = X.length;
  for (let epoch = 0; epoch < epochs; epoch++) {
    let da = 0, db = 0, dc = 0;
    for (let k = 0; k < n; k++) {
      const off = 1 / (1 + Math.exp(-(a * X[k][0] + b * X[k][1] + c))) - y[k];
      da += off * X[k][0];
      db += off * X[k][1];
      dc += off;
    }
    a -= learning_rate * da / n;
    b -= learning_rate * db / n;
    c -= learning_rate * dc / n;
  }
  return [a, b, c];
}

// qlearn.networks.federated.FedAvg().aggregate(updates, current): updates are [model, number of samples]
export function aggregate(updates) {
  const total = updates.reduce((sum, [, n]) => sum + n, 0);
  return updates[0][0].map((_, k) => updates.reduce((sum, [model, n]) => sum + model[k] * n / total, 0));
}

// SoftmaxClassifier.score(X, y)
export const score = (X, y, [a, b, c]) => X.reduce((right, [u, v], k) => right + ((a * u + b * v + c > 0) === (y[k] === 1)), 0) / X.length;

// The mean cross-entropy of a model on samples: sklearn.metrics.log_loss(y, model.predict_proba(X))
export const log_loss = (X, y, [a, b, c]) =>
  X.reduce((sum, [u, v], k) => sum + Math.log1p(Math.exp((a * u + b * v + c) * (1 - 2 * y[k]))), 0) / X.length;

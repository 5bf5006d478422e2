// Ports of qlearn/learning/decision_trees: what a question is worth.

// Shares of a sum: weights over their total
const parts = weights => {
  const total = weights.reduce((sum, one) => sum + one, 0);
  return weights.map(one => total ? one / total : 0);
};
const bits = p => p > 0 ? -p * Math.log2(p) : 0;

// qlearn.learning.decision_trees.mixture_entropy(weights, states), for states of one qubit with real amplitudes; without them
// for classes as such (Shannon's entropy)
export function mixture_entropy(weights, states) {
  const p = parts(weights);
  if (!states) return p.reduce((sum, one) => sum + bits(one), 0);
  let zero = 0, one = 0, both = 0;
  states.forEach(([a, b], c) => {
    zero += p[c] * a * a;
    one += p[c] * b * b;
    both += p[c] * a * b;
  });
  const apart = Math.hypot(zero - one, 2 * both) / (zero + one || 1), low = Math.max(0, 1 - apart) / 2;
  return bits(low) + bits(1 - low);
}

// The impurity of criterion="gini" in scikit-learn
export const gini = weights => 1 - parts(weights).reduce((sum, one) => sum + one * one, 0);

// qlearn.learning.decision_trees.splits.Impurity.of(states, k).gain(yes, no); with another measure in place of the entropy
export function gain(yes, no, states, measure = mixture_entropy) {
  const [many, few] = [yes, no].map(side => side.reduce((sum, one) => sum + one, 0)), fraction = many / (many + few);
  return measure(yes.map((one, c) => one + no[c]), states) - fraction * measure(yes, states) - (1 - fraction) * measure(no, states);
}

// The fall of the gini impurity, as above
export const gini_gain = (yes, no) => gain(yes, no, undefined, gini);

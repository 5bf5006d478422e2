// Ports of qlearn/networks/attacks.

// qlearn.networks.attacks.crafted_update(updates, z, direction)
export function crafted_update(updates, z, direction) {
  const m = updates.length, mean = updates[0].map((_, j) => updates.reduce((sum, row) => sum + row[j], 0) / m);
  const spread = mean.map((centre, j) => Math.sqrt(updates.reduce((sum, row) => sum + (row[j] - centre) ** 2, 0) / (m - 1)));
  const away = direction === 'spread' ? spread : direction === 'sign' ? mean.map(Math.sign) : mean;
  const length = Math.hypot(...away), wide = Math.hypot(...spread);
  return mean.map((centre, j) => centre - z * wide * (length ? away[j] / length : away[j]));
}

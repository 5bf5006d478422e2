// Ports of qlearn/communication/key_management: a store of keys between a link and programs that ask for several at once.
// `traffic` is {made, asked, burst, dark_s, dark_share}, as KeyTraffic.

// KeyTraffic(...).rates: a second, requests, keys of the lit link, lit spells that end, dark ones that end
export function rates({made, asked, burst, dark_s, dark_share}) {
  if (!dark_s) return [asked / burst, made, 0, 1];
  const wakes = 1 / dark_s, lit = 1 - dark_share;
  return [asked / burst, made / lit, wakes * dark_share / lit, wakes];
}

const LARGE = 1e200, ROUNDING = 1e-12;
// qlearn.communication.key_management.refused_share(capacity, traffic)
export function refused_share(capacity, traffic) {
  const [request, key, dims, wakes] = rates(traffic), {burst} = traffic;
  if (burst > capacity) return 1;
  const block = new Float64Array(burst), after = new Float64Array(burst), dark = new Float64Array(burst);
  let so_far = 0, total = 0, refused = 0;
  for (let free = 0, place = 0; free <= capacity; free++, place++) {
    if (place === burst) {
      place = so_far = 0;
      for (let i = burst - 1; i >= 0; i--) after[i] = so_far += block[i];
      so_far = 0;
    }
    const serves = free <= capacity - burst, lit = free ? request / key * (after[place] + so_far) : 1;
    dark[place] = (dims * lit + request * dark[place]) / (wakes + (serves ? request : 0));
    const here = lit + dark[place];
    block[place] = serves ? here : 0;
    so_far += block[place];
    total += here;
    if (!serves) refused += here;
    if (total > LARGE) {
      so_far /= LARGE, total /= LARGE, refused /= LARGE;
      for (const row of [block, after, dark]) for (let i = 0; i < burst; i++) row[i] /= LARGE;
    }
  }
  return refused / total;
}

// qlearn.communication.key_management.smallest_store(refused, traffic, most=most); null where even that is too small
export function smallest_store(refused, traffic, most) {
  let low = traffic.burst - 1, high = traffic.burst;
  if (refused <= 1 - traffic.made / traffic.asked + ROUNDING || high > most) return null;
  while (refused_share(high, traffic) > refused) {
    if (high === most) return null;
    low = high;
    high = Math.min(2 * high, most);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (refused_share(middle, traffic) > refused) low = middle; else high = middle;
  }
  return high;
}

// qlearn.communication.key_management.follow_stock(draws, capacity, traffic, seconds=seconds), its fields as rows
export function follow_stock(draws, capacity, traffic, seconds) {
  const [request, key, dims, wakes] = rates(traffic), {burst} = traffic, numbers = draws[Symbol.iterator](), draw = () => numbers.next().value;
  const run = {time: [], stock: [], asked: [], refused: [], full: [], dark: []};
  let now = 0, stock = capacity, dark = false;
  for (;;) {
    const pace = request + (dark ? wakes : key + dims);
    now -= Math.log1p(-draw()) / pace;
    if (!(now <= seconds)) return run;
    const number = draw() * pace, asked = number < request, refused = asked && stock < burst;
    const comes = !dark && !asked && number < request + key, full = comes && stock === capacity;
    if (asked && !refused) stock -= burst;
    else if (comes && !full) stock++;
    else if (!asked && !comes) dark = !dark;
    run.time.push(now), run.stock.push(stock), run.asked.push(asked), run.refused.push(refused), run.full.push(full), run.dark.push(dark);
  }
}

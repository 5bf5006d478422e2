// Thirty comparisons of two methods, each of some seeds: which of them see a true difference, and what trying several
// methods, and reporting the best, makes of none.
import {draw, fixed, line, percent, random, whole} from './frame.mjs';
import {paired, student_border} from './ports/evidence/significance.mjs';
import {false_lead, lead_of_best, power_of_pairs} from './ports/evidence/statistical_power.mjs';

const STUDIES = 30, MOST = 60, ROW = 7.4, MANY = 2000;
const LOOKS = {ahead: ['bob', 'live-fill'], behind: ['eve', 'live-fill'], 'not told apart': ['grey', 'live-stroke']};
const SIZES = [6, 7, 8, 9, 10, 12, 14, 17, 20, 24, 29, 35, 42, 50, 60, 72, 86, 100];
const points = (value, digits = 1) => `${fixed(100 * value, digits)} points`;

export default function begin(frame) {
  frame.caption('First chart: thirty studies. Each runs two methods with the same seeds and draws the mean difference of their accuracies and its interval. Green, filled: it calls the first ahead; '
    + 'orange square: behind; grey, open: not told apart. Solid line: the truth. If several methods are tried, all of them truly that far ahead, each study reports the best of them (dotted: where that lies in the mean). '
    + 'The other chart: the chance that one method is told ahead, against the seeds. (By Student’s t. The book’s own test goes through all signs where there are 20 seeds or fewer: it finds about as much from a dozen on, and less with still fewer or with a level shared by many.)');
  const svg = frame.stage('0 0 280 282', 'Mean differences of thirty studies with their intervals');
  const side = frame.stage('0 0 280 282', 'Chance to be told ahead, against the number of seeds');
  const size = (key, label, max, step, value) => frame.slider(key, {label, min: step, max, step, value, show: one => points(one)});
  frame.slider('gap', {label: 'True difference', min: 0, max: 0.05, step: 0.002, value: 0.01, show: one => points(one)});
  size('spread', 'Spread of a score', 0.06, 0.005, 0.02);
  frame.slider('shared', {label: 'Correlation of a pair', min: 0, max: 0.95, step: 0.05, value: 0.5, show: one => one.toFixed(2)});
  frame.slider('seeds', {label: 'Seeds', min: 6, max: MOST, step: 1, value: 20, show: whole});
  frame.slider('tried', {label: 'Methods tried', min: 1, max: 20, step: 1, value: 1, show: whole});
  frame.toggle('divided', {label: 'Share the level of 5 % among all tried'});
  frame.number('draw', {min: 1, max: 9999, round: true, value: 1});
  frame.button('Other seeds', () => frame.set({draw: frame.state.draw % 9999 + 1}));

  const X = n => 40 + 226 * Math.log(n / 6) / Math.log(100 / 6), Y = chance => 226 - 200 * chance;
  const border = (n, level) => student_border(level, n - 1);
  const finds = ({gap, spread, shared}, n, level) => power_of_pairs(gap, spread, n, shared, level);
  const needed = (state, level) => {  // the fewest seeds that find it four times in five
    if (finds(state, MANY, level) < 0.8) return Infinity;
    let low = 5, high = MANY;  // (the book's test refuses fewer than six)
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (finds(state, middle, level) < 0.8) low = middle; else high = middle;
    }
    return high;
  };
  // As many normal numbers for each method as there can be seeds: one seed more leaves the others as they were.
  const normal = roll => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
  let held = ['', []];
  const drawn = ({draw: seed, tried}) => {
    const asked = `${seed} ${tried}`;
    if (held[0] !== asked) held = [asked, Array.from({length: STUDIES}, (_, k) => {
      const roll = random(1000 * seed + k);
      return Array.from({length: tried + 2}, () => Float64Array.from({length: MOST}, () => normal(roll)));
    })];
    return held[1];
  };

  frame.draw = state => {
    const {gap, spread, shared, seeds: n, tried, divided} = state, level = divided ? 0.05 / tried : 0.05;
    const edge = border(n, level), own = spread * Math.sqrt(1 - shared), common = spread * Math.sqrt(shared);
    const studies = drawn(state).map(([circumstances, rival, ...methods]) => {
      const score = (noise, plus) => Float64Array.from({length: n}, (_, j) => 0.8 + plus + common * circumstances[j] + own * noise[j]);
      const theirs = score(rival, 0), found = methods.map(noise => paired(score(noise, gap), theirs));
      const best = found.reduce((a, b) => b.mean > a.mean ? b : a);
      return {...best, word: best.p >= level ? 'not told apart' : best.mean > 0 ? 'ahead' : 'behind', reach: edge * best.error};
    });
    const luck = lead_of_best(tried, own / Math.sqrt(n));
    const far = Math.max(gap, ...studies.map(one => Math.abs(one.mean) + one.reach));
    const half = [0.002, 0.004, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.2, 0.3, 0.5].find(one => one >= far) ?? 1, at = value => 140 + 128 * value / half;
    const bottom = 8 + STUDIES * ROW;
    svg.replaceChildren(
      ...[-half, 0, half].flatMap(value => [draw('line', {x1: at(value), x2: at(value), y1: 4, y2: bottom, class: 'live-thin'}),
        draw('text', {x: at(value), y: bottom + 16, class: value > 0 ? 'live-end' : value < 0 ? '' : 'live-middle'}, value ? fixed(100 * value, half < 0.01 ? 1 : 0) : '0')]),
      ...studies.flatMap(({mean, reach, word}, k) => {
        const y = 8 + (k + 0.5) * ROW, [who, kind] = LOOKS[word];
        return [draw('line', {x1: at(mean - reach), x2: at(mean + reach), y1: y, y2: y, class: `live-stroke live-${who}`, 'stroke-width': 1.5}),
          word === 'behind' ? draw('rect', {x: at(mean) - 3, y: y - 3, width: 6, height: 6, class: `live-fill live-${who}`})
            : draw('circle', {cx: at(mean), cy: y, r: 3, class: `${kind} live-${who}`, 'stroke-width': 1.5})];
      }),
      draw('line', {x1: at(gap), x2: at(gap), y1: 2, y2: bottom + 2, class: 'live-axis', 'stroke-width': 2}),
      ...(tried > 1 ? [draw('line', {x1: at(gap + luck), x2: at(gap + luck), y1: 2, y2: bottom + 2, class: 'live-axis', 'stroke-width': 2, 'stroke-dasharray': '2 4'})] : []),
      draw('text', {x: 140, y: bottom + 36, class: 'live-middle'}, tried > 1 ? 'lead of the best of each study (points)' : 'first minus second (points of 100)'));

    const curve = given => line(SIZES.map(one => [X(one), Y(finds(given, one, level))])), chance = finds(state, n, level);
    side.replaceChildren(draw('path', {d: 'M40 22V226H270', class: 'live-axis'}),
      ...[[0, '0'], [0.5, '50 %'], [0.8, '80 %'], [1, '100 %']].flatMap(([one, text]) => [
        draw('line', {x1: 40, x2: 268, y1: Y(one), y2: Y(one), class: 'live-thin', 'stroke-dasharray': one === 0.8 ? '5 3' : undefined}),
        draw('text', {x: 36, y: Y(one) + 4, class: 'live-end live-small'}, text)]),
      ...[6, 10, 20, 50, 100].map(one => draw('text', {x: X(one), y: 243, class: 'live-middle'}, one)),
      draw('text', {x: 155, y: 264, class: 'live-middle'}, 'seeds'), draw('text', {x: 44, y: 13}, tried > 1 ? 'chance that one method is told ahead' : 'chance to be told ahead'),
      draw('path', {d: curve({...state, shared: 0}), class: 'live-stroke live-grey', 'stroke-width': 1.5, 'stroke-dasharray': '5 4'}),
      draw('path', {d: curve(state), class: 'live-stroke live-bob', 'stroke-width': 2.5}),
      draw('circle', {cx: X(n), cy: Y(chance), r: 5.5, class: 'live-fill live-bob'}),
      draw('text', {x: 268, y: 281, class: 'live-end live-small'}, 'dashed: pairs that share nothing'));

    const count = word => studies.filter(one => one.word === word).length, told = count('ahead'), wrong = gap > 0 && count('behind');
    const leads = studies.filter(one => one.mean > 0).length;
    const called = `In ${leads} of these ${STUDIES} studies the ${tried > 1 ? 'best' : 'first'} leads, and ${told} ${told === 1 ? 'calls' : 'call'} it ahead${wrong ? `, ${wrong} behind, which is wrong` : ''}`;
    const many = needed(state, level), apart = needed({...state, shared: 0}, level);
    const want = one => !Number.isFinite(one) ? `more than ${whole(MANY)} seeds` : one === 6 ? 'at most 6 seeds' : `${whole(one)} seeds`;
    const often = chance > 0.9995 ? 'more than 99.9 %' : percent(chance, chance > 0.99 || chance < 0.1 ? 1 : 0);
    const seen = told ? `${told === 1 ? 'It reports' : 'Those that do so report'} ${points(studies.reduce((sum, one) => sum + (one.word === 'ahead' ? one.mean : 0), 0) / told, 2)}${told === 1 ? '' : ' on average'}. ` : '';
    const luckily = tried > 1 ? `The best of ${tried} leads in the mean by ${points(gap + luck, 2)}, ${gap ? `of which ${points(luck, 2)} are` : 'all of it'} luck alone. ` : '';
    frame.say(gap > 0
      ? `${called}; ${tried > 1 ? 'for one method taken by itself' : 'for each study'} the chance is ${often}. ${seen}${luckily}`
        + `To find ${points(gap)} four times in five ${tried > 1 ? 'with one method ' : ''}takes ${want(many)}`
        + (shared > 0 ? many === apart && Number.isFinite(many) ? ', whether pairs share anything or not.' : Number.isFinite(apart) ? `, and ${want(apart)} if pairs shared nothing.` : Number.isFinite(many) ? `; if pairs shared nothing, ${want(apart)}.` : '; pairs that share more need fewer.' : '; pairs that share more need fewer.')
      : `Nothing differs in truth. ${called}; ${tried > 1 ? `one method by itself would be called so with chance ${percent(chance, chance < 0.01 ? 2 : 1)}, the best of ${tried} with ${percent(false_lead(tried, level))} of many seeds (never more than ${percent(tried * chance)}${divided ? ', whatever the number tried' : ''})` : `the chance of such a call is ${percent(chance)}, and as much of “behind”, with any number of seeds`}. ${luckily}`
        + (tried > 1 && !divided ? 'More seeds make the lead smaller; they do not make the false calls rarer.' : ''));
  };
}

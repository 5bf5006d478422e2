// The live figures of a page come alive one by one, each when it comes near the screen: until then, and if anything
// fails, its still picture stands. `live-NAME` or `live-NAME--VARIANT` among the classes of a figure says which it is.
import {Frame} from './frame.mjs';

export const KIND = /(?:^|\s)live-([a-z0-9_]+)(?:--([a-z_]+))?(?=\s|$)/;

const figures = () => [...document.querySelectorAll('figure[class*="live-"]')].filter(figure => KIND.test(figure.className));

export async function wake(host) {
  const [, name, variant] = host.className.match(KIND);
  const twins = figures().filter(figure => figure.className.match(KIND)[1] === name);
  const frame = new Frame(host, name, twins.indexOf(host));
  try {
    const {default: begin} = await import(`./${name}.mjs`);
    await begin(frame, variant);
    frame.begin();
  } catch (error) {
    frame.leave();
    console.warn(`The live figure ${name} does not start; its still picture stays.`, error);
  }
}

const near = new IntersectionObserver(entries => {
  for (const {target, isIntersecting} of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    wake(target);
  }
}, {rootMargin: '600px'});
for (const host of figures()) near.observe(host);

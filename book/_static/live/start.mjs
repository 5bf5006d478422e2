// The live figures of a page come alive one by one, each when it comes near the screen: until then, and if anything
// fails, its still picture stands. `live-NAME` or `live-NAME--VARIANT` among the classes of a figure says which it is.
import {Frame} from './frame.mjs';

export const KIND = /(?:^|\s)live-([a-z0-9_]+)(?:--([a-z_]+))?(?=\s|$)/;

export async function wake(host) {
  const [, name, variant] = host.className.match(KIND);
  const frame = new Frame(host, name);
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
for (const host of document.querySelectorAll('figure[class*="live-"]')) {
  if (KIND.test(host.className)) near.observe(host);
}

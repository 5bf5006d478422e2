"""How soon a live figure answers a hand: each slider and each handle moved through many places. Wants a book that is built."""

import re
import threading
from collections.abc import Iterable
from statistics import median

from benchmarks.bench_page import script
from benchmarks.harness import ROOT, Row

SECTION = "live"
SMOOTH_MS = 16
"""A screen draws sixty pictures a second."""

# The time of one answer is that of the event and of the layout after it.
DRAG = """async figure => {
  const times = [];
  const timed = act => {
    const begin = performance.now();
    act();
    figure.getBoundingClientRect();
    times.push(performance.now() - begin);
  };
  for (const knob of figure.querySelectorAll('.live-knobs input[type=range]')) {
    const before = knob.value;
    for (let k = 0; k <= 40; k++) timed(() => {
      knob.value = +knob.min + (knob.max - knob.min) * k / 40;
      knob.dispatchEvent(new Event('input', {bubbles: true}));
    });
    timed(() => { knob.value = before; knob.dispatchEvent(new Event('input', {bubbles: true})); });
  }
  for (const handle of figure.querySelectorAll('.live-handle')) {
    for (let k = 0; k < 40; k++) timed(() => handle.dispatchEvent(
      new KeyboardEvent('keydown', {key: ['ArrowRight', 'ArrowUp', 'ArrowLeft', 'ArrowDown'][k >> 3 & 3], bubbles: true})));
  }
  return times;
}"""


def rows() -> Iterable[Row]:
    """Yield a row for each live figure: the median answer in milliseconds, and the slowest one in twenty."""
    from playwright.sync_api import sync_playwright

    html = ROOT / "_build" / "html"
    found = [
        (page.relative_to(html).as_posix(), name)
        for page in sorted(html.glob("*/*.html"))
        for name in re.findall(
            r'<figure class="[^"]*\blive-([a-z0-9_]+(?:--[a-z_]+)?)', page.read_text("utf8")
        )
    ]
    with script("build_book").server(8200) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        chromium = playwright.chromium.launch(
            executable_path=script("environment").browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        for address, name in found:
            page = chromium.new_page()
            page.route(
                "**/mathjax/**", lambda route: route.abort()
            )  # formulas are set while the hand would move
            page.goto(f"http://127.0.0.1:{server.server_port}/{address}")
            figure = page.locator(f"figure.live-{name}").first
            figure.scroll_into_view_if_needed()
            figure.locator(".live").wait_for()
            times = sorted(figure.evaluate(DRAG))
            page.close()
            usual, late = median(times), times[int(0.95 * len(times))]
            yield Row(SECTION, f"{name} (ms)", usual, bound=f"< {SMOOTH_MS} ms", holds=usual < SMOOTH_MS)
            yield Row(SECTION, f"{name}, one in twenty (ms)", late)
        chromium.close()
        server.shutdown()

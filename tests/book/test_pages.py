"""Every page of the built book, opened in a browser on a desk and on a phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

# The theme's sidebar has an empty <summary> beside each section that folds; it is the theme's to mend.
KNOWN_OF_THE_THEME = {"summary-name"}
GRAVE = {"serious", "critical"}

READY = """async () => {
  if (document.querySelector('.math')) { await window.MathJax.startup.promise; }
  await Promise.all([...document.images].map(image => {
    image.loading = 'eager';
    return image.decode().catch(() => {});
  }));
}"""

FACTS = r"""() => {
  const article = document.querySelector('article.bd-article') || document.body;
  const prose = article.cloneNode(true);
  prose.querySelectorAll('pre, code, mjx-container, script').forEach(node => node.remove());
  const name = image => image.getAttribute('src');
  const images = [...document.images];
  return {
    unrendered: [...article.querySelectorAll('.math')].filter(m => !m.querySelector('mjx-container')).map(m => m.textContent),
    wrong_math: [...document.querySelectorAll('mjx-merror, [data-mjx-error]')].map(m => m.textContent),
    raw: prose.innerText.match(/\\\(|\\\[|\$\$|\{(ref|doc|cite|glue|numref|math)[:\w]*\}|\{\{|\}\}/g) || [],
    broken: images.filter(i => i.naturalWidth === 0).map(name),
    unnamed: images.filter(i => !i.alt || /_images\/|\.png$|\{[\w:]+\}`/.test(i.alt)).map(name),
    failed_cells: [...article.querySelectorAll('.output.traceback, .cell_output .stderr')].map(n => n.textContent),
    title: document.title,
    too_wide: document.documentElement.scrollWidth - window.innerWidth,
  };
}"""


def complaints(page: Page, site: str) -> list[str]:
    """Collect whatever goes wrong from now on: errors, requests that fail, requests to anywhere else."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("console", lambda said: said.type == "error" and wrong.append(f"console: {said.text}"))
    page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
    page.on(
        "response",
        lambda response: response.status >= 400 and wrong.append(f"{response.status}: {response.url}"),
    )
    page.on(
        "request",
        lambda request: (
            not request.url.startswith((site, "data:", "blob:")) and wrong.append(f"external: {request.url}")
        ),
    )
    return wrong


def test_page_is_whole(browser: Browser, site: str, page_name: str):
    for size in (DESK, PHONE):
        context = browser.new_context(viewport=size)
        page = context.new_page()
        wrong = complaints(page, site)
        page.goto(f"{site}/{page_name}.html")
        page.evaluate(READY)
        facts = page.evaluate(FACTS)
        if size == DESK:
            found = Axe().run(page, options={"preload": False}).response["violations"]
            grave = [
                f"{v['id']}: {v['help']}: {[n['html'][:160] for n in v['nodes']]}"
                for v in found
                if v["impact"] in GRAVE
            ]
            assert [line for line in grave if line.partition(":")[0] not in KNOWN_OF_THE_THEME] == []
        context.close()
        assert wrong == []
        assert facts.pop("title")
        assert facts.pop("too_wide") <= 0, f"{page_name} scrolls sideways at {size['width']} px"
        assert {what: found for what, found in facts.items() if found} == {}

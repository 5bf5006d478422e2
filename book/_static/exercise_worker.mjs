// One Python for the exercises of a page, beside the page: what runs here for ever is ended from there. It starts with the
// first message, loads the packages that each message names, and judges an answer if there is one. The page hears how much
// has arrived, when the answer begins to run, and the verdict.

// What arrives is counted, for the bar: of a twin of each response, so that the browser may keep what it makes of the first.
const plainFetch = self.fetch;
let loaded = 0;
async function count(reader) {
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return;
    loaded += value.length;
    postMessage({loaded});
  }
}
self.fetch = async (...what) => {
  const response = await plainFetch(...what);
  if (response.ok && response.body) count(response.clone().body.getReader()).catch(() => {});
  return response;
};

let starting;

async function start(lock) {
  const folder = new URL('pyodide/', import.meta.url).href;
  const {loadPyodide} = await import(`${folder}pyodide.mjs`);
  const quiet = () => {};
  return loadPyodide({indexURL: folder, lockFileURL: folder + lock, stdout: quiet, stderr: quiet});
}

async function judge({lock, packages, chapter, given, name, source}) {
  const quiet = {messageCallback: () => {}, errorCallback: () => {}};
  const python = await (starting ??= start(lock));
  await python.loadPackage(packages, {...quiet, errorCallback: error => { throw new Error(error); }});
  // An answer may import what its exercise does not; what cannot be had, Python will say.
  if (source) await python.loadPackagesFromImports(source, quiet).catch(() => {});
  postMessage({arrived: ['', ...packages]});
  const judged = python.pyimport('qlearn.exercises._page').judged;
  if (name === undefined) return;
  python.runPython(`from qlearn.exercises._page import alone; alone("${chapter}", "${name}")`);
  postMessage({begun: true});
  postMessage({verdict: JSON.parse(judged(source, chapter, name, JSON.stringify(given)))});
}

self.onmessage = ({data}) => judge(data).catch(error => {
  postMessage({failed: String(error.message ?? error).trim().split('\n').at(-1)});
});

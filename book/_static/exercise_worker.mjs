// One Python for the exercises of a page, beside the page: what runs here for ever is ended from there. It starts with the
// first message, loads the packages that each message names, and judges an answer if there is one. The page hears how much
// has arrived, when the answer begins to run, and the verdict.

// What arrives is counted on its way in, for the bar.
const plainFetch = self.fetch;
let loaded = 0;
self.fetch = async (...what) => {
  const response = await plainFetch(...what);
  if (!response.ok || !response.body) return response;
  const counted = response.body.pipeThrough(new TransformStream({
    transform(chunk, on) {
      loaded += chunk.length;
      postMessage({loaded});
      on.enqueue(chunk);
    },
  }));
  return new Response(counted, {status: response.status, headers: response.headers});
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

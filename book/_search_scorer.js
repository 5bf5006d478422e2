/* The chapter that teaches a concept comes before the functions that are named after it. */
var Scorer = {
  score: ([page, , , , score]) => {
    if (/^(qubits|communication|learning|networks)\//.test(page)) return score + 40;
    if (page.startsWith("appendix/api/")) return score - 40;
    return score;
  },
  objNameMatch: 11, // the defaults of Sphinx from here on
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

// The viewer page without loading it anew: a drill, a choice in the form or a link to another view of the same dataset
// changes the chart at once, and then what stands around it, as the server has it. The chart itself is never moved.

import type { OpenSpendingChart } from "./element";

const MAIN = "main#content";

let asked = 0;

/** Puts everything around the chart as another page has it, level by level from the chart up to `main`. */
function around(chart: Element, other: Element, top: Element, otherTop: Element): boolean {
  const pairs: [Element, Element, Element, Element][] = [];
  let [here, there] = [chart, other];
  while (here !== top) {
    const [above, otherAbove] = [here.parentElement, there.parentElement];
    if (!above || !otherAbove || (above === top) !== (otherAbove === otherTop)) return false;
    pairs.push([here, above, there, otherAbove]);
    [here, there] = [above, otherAbove];
  }
  for (const [kept, parent, theirs, theirParent] of pairs) {
    const [before, after] = parted([...theirParent.childNodes], theirs);
    for (const node of [...parent.childNodes]) if (node !== kept) node.remove();
    kept.before(...before);
    kept.after(...after);
  }
  return true;
}

function parted(nodes: ChildNode[], at: Node): [ChildNode[], ChildNode[]] {
  const place = nodes.indexOf(at as ChildNode);
  return [nodes.slice(0, place), nodes.slice(place + 1)];
}

/** Fetches the page of an address and takes over what stands around its chart. Goes there as ever when that fails. */
async function follow(address: string, chart: OpenSpendingChart, push: boolean): Promise<void> {
  const turn = (asked += 1);
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [other, top, otherTop] = [page.querySelector("openspending-chart"), document.querySelector(MAIN), page.querySelector(MAIN)];
    if (turn !== asked) return;
    if (!other || !top || !otherTop) throw new Error("another kind of page");
    const focus = document.activeElement?.id ?? "";
    if (!around(chart, other, top, otherTop)) throw new Error("another form of page");
    document.title = page.title;
    if (push) {
      chart.adopt(other);
      history.pushState(null, "", `${location.pathname}?${chart.query}`);
    }
    if (focus && document.activeElement?.id !== focus) document.getElementById(focus)?.focus();
  } catch {
    if (turn === asked) location.assign(address);
  }
}

/** The address of the page that a form asks for. */
function asking(form: HTMLFormElement): string {
  const pairs = [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "");
  return `${new URL(form.action).pathname}?${new URLSearchParams(pairs)}`;
}

function start(): void {
  const chart = document.querySelector<OpenSpendingChart>("openspending-chart[addressed]");
  const top = document.querySelector(MAIN);
  if (!chart || !top) return;
  const submitted = (event: Event): void => {
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (form?.id !== "view") return;
    event.preventDefault();
    void follow(asking(form), chart, true);
  };
  top.addEventListener("change", submitted);
  top.addEventListener("submit", submitted);
  top.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const plain = event instanceof MouseEvent && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !plain || link.pathname !== location.pathname || link.hash || link.origin !== location.origin) return;
    event.preventDefault();
    void follow(link.pathname + link.search, chart, true);
  });
  chart.addEventListener("openspending-view", () => void follow(location.pathname + location.search, chart, false));
  addEventListener("popstate", () => void follow(location.pathname + location.search, chart, false));
}

void customElements.whenDefined("openspending-chart").then(start);

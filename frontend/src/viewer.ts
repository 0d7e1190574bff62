// The viewer page: its form and its chart say the same. Without this script the form loads the page anew.

import { PARAMETERS, readView, textOf, type OpenSpendingChart, type View } from "./chart";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const controlsOf = (form: HTMLFormElement): Control[] =>
  [...form.elements].filter((one): one is Control => "value" in one && "name" in one && one.name !== "");

/** The view that the form says; what it has no control for stays. */
function said(form: HTMLFormElement, before: View): View {
  const pairs = new Map(PARAMETERS.map((name) => [name as string, textOf(before, name)]));
  for (const [name, value] of new FormData(form)) if (typeof value === "string") pairs.set(name, value);
  const after = readView(pairs).view;
  const other = after.group.join("|") !== before.group.join("|");
  return { ...after, at: other ? [] : after.at, skip: 0 };
}

function keep(form: HTMLFormElement, view: View): void {
  for (const control of controlsOf(form)) {
    const name = PARAMETERS.find((one) => one === control.name);
    if (!name) continue;
    if (control instanceof HTMLInputElement && control.type === "radio") control.checked = control.value === textOf(view, name);
    else control.value = textOf(view, name);
  }
}

function start(): void {
  const form = document.querySelector<HTMLFormElement>("form#view");
  const chart = document.querySelector<OpenSpendingChart>("openspending-chart");
  if (!form || !chart) return;
  const apply = (event: Event): void => {
    event.preventDefault();
    chart.go(said(form, chart.current.view));
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", apply);
  chart.addEventListener("openspending-view", () => keep(form, chart.current.view));
  addEventListener("popstate", () => keep(form, readView(new URLSearchParams(location.search)).view));
}

void customElements.whenDefined("openspending-chart").then(start);

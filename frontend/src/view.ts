// What a chart shows, as one value and as one canonical query string. `src/openspending/view.py` is the same in Python.

export const CHARTS = [
  "table", "bar", "line", "area", "treemap", "bubbles", "sunburst", "pie", "donut", "sankey", "radar", "map", "pivot",
] as const;
export const THEMES = ["auto", "light", "dark"] as const;

export type ChartName = (typeof CHARTS)[number];
export type Theme = (typeof THEMES)[number];

export interface View {
  readonly chart: ChartName;
  /** Ref of an aggregate; "" for the first sum. */
  readonly measure: string;
  /** Refs to drill by, broad to narrow. */
  readonly group: readonly string[];
  /** Conditions in the grammar of `cut`: the members chosen on the way down. */
  readonly at: readonly string[];
  /** Refs beside each other: a pivot table has all of them as columns, broad to narrow; other charts the first. */
  readonly series: readonly string[];
  readonly cut: string;
  /** `ref:asc` or `ref:desc`; "" for the measure, descending. */
  readonly order: string;
  /** How many members are shown before “others”. */
  readonly size: number;
  /** How many of the first members are left out, because “others” was opened. */
  readonly skip: number;
  readonly compare: string;
  readonly lang: string;
  readonly theme: Theme;
}

/** The parameters, in their canonical order. */
export const PARAMETERS = [
  "chart", "measure", "group", "at", "series", "cut", "order", "size", "skip", "compare", "lang", "theme",
] as const satisfies readonly (keyof View)[];

export type Parameter = (typeof PARAMETERS)[number];

export const NO_VIEW: View = {
  chart: "bar", measure: "", group: [], at: [], series: [], cut: "", order: "", size: 12, skip: 0, compare: "",
  lang: "", theme: "auto",
};

/** A parameter that cannot be what it is. */
export interface Wrong {
  readonly parameter: string;
  readonly value: string;
  readonly choices: readonly string[];
}

/** Reads parameters. What is wrong is told, and left out; unknown parameters are wrong as well. What is given several
 *  times is joined where a list is meant; of the others the last one counts that says something. */
export function readView(pairs: Iterable<readonly [string, string]>): { view: View; wrong: Wrong[] } {
  const wrong: Wrong[] = [];
  const given = new Map<Parameter, string>();
  for (const [name, value] of pairs) {
    if (!isParameter(name)) wrong.push({ parameter: name, value, choices: PARAMETERS });
    else if (value !== "") given.set(name, JOINED.has(name) ? [given.get(name), value].filter(Boolean).join("|") : value);
  }
  const found: { -readonly [name in Parameter]?: View[name] } = {};
  for (const [name, value] of given) {
    const parsed = readOne(name, value);
    if (parsed.choices) wrong.push({ parameter: name, value, choices: parsed.choices });
    else Object.assign(found, { [name]: parsed.value });
  }
  return { view: { ...NO_VIEW, ...found }, wrong };
}

const JOINED: ReadonlySet<Parameter> = new Set(["group", "at", "series", "cut"]);

function isParameter(name: string): name is Parameter {
  return (PARAMETERS as readonly string[]).includes(name);
}

function readOne(name: Parameter, value: string): { value?: unknown; choices?: readonly string[] } {
  switch (name) {
    case "chart":
      return choose(value, CHARTS);
    case "theme":
      return choose(value, THEMES);
    case "size":
      return whole(value, 1, 2000);
    case "skip":
      return whole(value, 0, 9999);
    case "group":
    case "series":
      return { value: value.split("|").filter(Boolean) };
    case "at":
      return { value: conditions(value) };
    default:
      return { value };
  }
}

function choose(value: string, choices: readonly string[]): { value?: string; choices?: readonly string[] } {
  return choices.includes(value) ? { value } : { choices };
}

function whole(value: string, least: number, most: number): { value?: number; choices?: readonly string[] } {
  const number = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  return number >= least && number <= most ? { value: number } : { choices: [`${least}…${most}`] };
}

/** The conditions of a cut, parted where a `|` stands outside of quotes and brackets. */
export function conditions(cut: string): string[] {
  const parts: string[] = [];
  let [part, quoted, depth] = ["", false, 0];
  for (let place = 0; place < cut.length; place += 1) {
    const letter = cut.charAt(place);
    if (quoted && letter === "\\") {
      part += letter + cut.charAt(++place);
      continue;
    }
    if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === "(") depth += 1;
    else if (!quoted && letter === ")") depth -= 1;
    if (letter === "|" && !quoted && depth === 0) {
      parts.push(part);
      part = "";
    } else part += letter;
  }
  return [...parts, part].filter(Boolean);
}

/** The canonical query string, without what is left at its default. */
export function queryOf(view: View): string {
  const pairs = PARAMETERS.map((name) => [name, textOf(view, name)] as const);
  return pairs
    .filter(([name, value]) => value !== textOf(NO_VIEW, name) || (name === "chart" && value !== ""))
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join("&");
}

/** A parameter of the view as it stands in an address or an attribute. */
export function textOf(view: View, name: Parameter): string {
  const value = view[name];
  return typeof value === "object" ? value.join("|") : String(value);
}

/** Percent-encoding that leaves the signs of the grammar as they stand, so that addresses can be read. */
export function encode(value: string): string {
  return encodeURIComponent(value)
    .replace(/'/g, "%27")
    .replace(/%(?:7C|3A|3B|2C)/g, (sign) => decodeURIComponent(sign));
}

/** A condition that a ref has a value, in the grammar of `cut`. */
export function condition(ref: string, value: string | number | boolean | null): string {
  return `${ref}:${value === null ? "null" : JSON.stringify(String(value))}`;
}

/** The ref and the value of such a condition; nothing for any other. */
export function reading(text: string): { ref: string; value: string | null } | null {
  const found = /^([^:!~^<>="|()]+):(.+)$/su.exec(text);
  const [, ref, value] = found ?? [];
  if (ref === undefined || value === undefined) return null;
  if (value === "null") return { ref, value: null };
  if (!value.startsWith('"')) return { ref, value };
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" ? { ref, value: parsed } : null;
  } catch {
    return null;
  }
}

/** The dimension of a ref: what stands before its dot. */
export const dimensionOf = (ref: string): string => ref.split(".")[0] ?? ref;

/** A level of the breadcrumb: a ref of `group`, and the conditions of `at` that choose a member of it. */
export interface Step {
  readonly ref: string;
  readonly conditions: readonly string[];
}

/** The way down, and the level that is shown: the first of `group` that no condition of `at` names, or the last. */
export function way(view: View): { steps: Step[]; level: string | null } {
  const named = new Map<string, string[]>();
  for (const text of view.at) {
    const dimension = dimensionOf(reading(text)?.ref ?? text.split(":")[0] ?? "");
    named.set(dimension, [...(named.get(dimension) ?? []), text]);
  }
  const steps = view.group
    .filter((ref) => named.has(dimensionOf(ref)))
    .map((ref) => ({ ref, conditions: named.get(dimensionOf(ref)) ?? [] }));
  const level = view.group.find((ref) => !named.has(dimensionOf(ref))) ?? view.group.at(-1) ?? null;
  return { steps, level };
}

/** The levels that a pivot table shows within each other: those of `group` that nothing was chosen of, or the last. */
export function nested(view: View): string[] {
  const chosen = new Set(way(view).steps.map((step) => step.ref));
  const open = view.group.filter((ref) => !chosen.has(ref));
  return open.length ? open : view.group.slice(-1);
}

/** The view one level below: the member whose conditions these are is chosen. */
export function below(view: View, chosen: readonly string[]): View {
  return { ...view, at: [...view.at, ...chosen], order: "", skip: 0 };
}

/** The view above: the first `depth` steps remain. */
export function above(view: View, depth: number): View {
  const kept = way(view).steps.slice(0, depth);
  return { ...view, at: kept.flatMap((step) => step.conditions), skip: 0 };
}

/** Whether there is a level of `group` below what these conditions choose. */
export const leads = (view: View, chosen: readonly string[]): boolean =>
  way(below(view, chosen)).steps.length < view.group.length;

/** Everything that restricts the facts: the filters and the way down. */
export const cutOf = (view: View): string => [...new Set([...conditions(view.cut), ...view.at])].join("|");

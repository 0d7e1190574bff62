// What the scripts say, in the languages that are here. Sentences are written in English; other languages have them by it.

import spanish from "./words.es.json";

type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
type Entries = Readonly<Record<string, string | Plural>>;
type Values = Readonly<Record<string, string | number>>;

const LANGUAGES: Readonly<Record<string, Entries>> = { en: {}, es: spanish };
const RIGHT_TO_LEFT = new Set(["ar", "arc", "ckb", "dv", "fa", "ha", "he", "khw", "ks", "ps", "sd", "ur", "yi"]);

/** One language to speak. */
export interface Speaker {
  /** The language that was asked for, by which numbers are written. */
  readonly lang: string;
  readonly direction: "ltr" | "rtl";
  /** The sentence in the language, its `{names}` replaced. English where the language lacks it. */
  t(text: string, values?: Values): string;
  /** The sentence for a number of things, `{n}` being the number written out. */
  n(count: number, one: string, other: string, values?: Values): string;
}

/** Speaks the language of a tag such as `es-MX`, or English. */
export function speaker(asked: string): Speaker {
  const lang = supported(asked);
  const base = lang.split("-")[0] ?? "en";
  const entries = LANGUAGES[base] ?? {};
  const plural = new Intl.PluralRules(base in LANGUAGES ? lang : "en");
  const numbers = new Intl.NumberFormat(lang, { useGrouping: "always" });
  return {
    lang,
    direction: RIGHT_TO_LEFT.has(base) ? "rtl" : "ltr",
    t: (text, values = {}) => fill(plain(entries[text]) ?? text, values),
    n: (count, one, other, values = {}) => {
      const entry = entries[other];
      const rule = plural.select(count);
      const theirs = typeof entry === "object" ? (entry[rule] ?? entry.other) : entry;
      return fill(theirs ?? (rule === "one" ? one : other), { n: numbers.format(count), ...values });
    },
  };
}

/** The header by which the API tells what it says in the document's language; without one, in the browser's. */
export const inLanguage = (): Readonly<Record<string, string>> => {
  const language = typeof document === "undefined" ? "" : document.documentElement.lang;
  return language === "" ? {} : { "Accept-Language": language };
};

/** The language of the document. */
export const spoken = (): string => (typeof document === "undefined" ? "en" : document.documentElement.lang || "en");

/** The sentence in the language of the document. */
export const t = (text: string, values?: Values): string => speaker(spoken()).t(text, values);

/** The sentence for a number of things, in the language of the document. */
export const n = (count: number, one: string, other: string, values?: Values): string =>
  speaker(spoken()).n(count, one, other, values);

function supported(asked: string): string {
  try {
    return Intl.getCanonicalLocales(asked.replaceAll("_", "-"))[0] ?? "en";
  } catch {
    return "en";
  }
}

function plain(entry: string | Plural | undefined): string | undefined {
  return typeof entry === "object" ? entry.other : entry;
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

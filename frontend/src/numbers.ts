// How amounts are said in a language: with all their digits, or in few words.

import { abs, decimals, near } from "./money";

type Exact = (value: string) => string;

/** Intl formats decimal strings without a detour over floats; TypeScript knows it as a template type only. */
function exactly(format: Intl.NumberFormat): Exact {
  return (value) => format.format(value as Intl.StringNumericLiteral);
}

/** Writes amounts in one language. */
export class Numbers {
  readonly #lang: string;
  readonly #made = new Map<string, Intl.NumberFormat>();

  constructor(lang: string) {
    this.#lang = lang;
  }

  #format(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const kept = this.#made.get(key);
    if (kept) return kept;
    // Four digits are grouped too, in every language, as pages do it.
    const made = new Intl.NumberFormat(this.#lang, { useGrouping: "always", ...options });
    this.#made.set(key, made);
    return made;
  }

  /** All digits of an amount, with its currency's code. */
  full(amount: string, currency: string | null = null): string {
    const digits = Math.min(decimals(amount), 20);
    const format = this.#format(`full${digits}`, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return withCode(exactly(format)(amount), currency);
  }

  /** An amount in at most four digits and a word or letter, as the language has it. */
  short(amount: string, currency: string | null = null): string {
    return withCode(this.#compact("short")(amount), currency);
  }

  /** The same in whole words: 12.3 million. */
  words(amount: string, currency: string | null = null): string {
    return withCode(this.#compact("long")(amount), currency);
  }

  #compact(display: "short" | "long"): Exact {
    const options = { notation: "compact", compactDisplay: display, maximumSignificantDigits: 3 } as const;
    return exactly(this.#format(`compact-${display}`, options));
  }

  /** A mark of an axis; these are numbers of geometry, not of money. */
  tick(value: number): string {
    return this.#format("tick", { notation: "compact", maximumSignificantDigits: 3 }).format(value);
  }

  /** A share from -1 to 1 as a percentage; small ones are told to be small. */
  share(part: number): string {
    const digits = Math.abs(part) >= 0.1 || part === 0 ? 0 : 1;
    const format = this.#format(`share${digits}`, { style: "percent", maximumFractionDigits: digits });
    const least = 0.0005;
    return part !== 0 && Math.abs(part) < least ? `< ${format.format(0.001)}` : format.format(part);
  }

  /** A rate of change, with its sign. */
  change(rate: number): string {
    return this.#format("change", { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(rate);
  }

  count(value: number): string {
    return this.#format("count", { maximumFractionDigits: 0 }).format(value);
  }
}

function withCode(text: string, currency: string | null): string {
  return currency ? `${text}\u00a0${currency}` : text;
}

/** The largest of the amounts without their sign, as a number for geometry. */
export function largest(amounts: readonly (string | null)[]): number {
  return amounts.reduce((most, one) => (one === null ? most : Math.max(most, near(abs(one)))), 0);
}

// Amounts as the API writes them: decimal strings of any length. They are added and compared exactly, never as floats.

/** An exact decimal: `units` divided by ten to the power of `scale`. */
interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const SHAPE = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Reads a decimal string. Throws a RangeError for what is none. */
function read(text: string): Decimal {
  const found = SHAPE.exec(text.trim());
  if (!found) throw new RangeError(`“${text}” is no amount`);
  const [, sign = "", whole = "0", fraction = "", power = "0"] = found;
  const units = BigInt(sign + whole + fraction);
  const scale = fraction.length - Number(power);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

function at(one: Decimal, scale: number): bigint {
  return one.units * 10n ** BigInt(scale - one.scale);
}

function write({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const sign = units < 0n ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The exact sum; it has as many decimals as the longest of its parts. "0" of nothing. */
export function sum(amounts: readonly string[]): string {
  const all = amounts.map(read);
  const scale = Math.max(0, ...all.map((one) => one.scale));
  return write({ units: all.reduce((total, one) => total + at(one, scale), 0n), scale });
}

/** `left` + `right`, exactly. */
export const add = (left: string, right: string): string => sum([left, right]);

/** The same amount with the other sign. */
export const negate = (amount: string): string => {
  const { units, scale } = read(amount);
  return write({ units: -units, scale });
};

/** `left` − `right`, exactly. */
export const subtract = (left: string, right: string): string => sum([left, negate(right)]);

/** Negative, zero or positive, as `left` is less than, equal to or more than `right`. */
export function compare(left: string, right: string): number {
  const [one, other] = [read(left), read(right)];
  const scale = Math.max(one.scale, other.scale);
  const [a, b] = [at(one, scale), at(other, scale)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** -1, 0 or 1. */
export const sign = (amount: string): number => compare(amount, "0");

/** The amount without its sign. */
export const abs = (amount: string): string => (sign(amount) < 0 ? negate(amount) : amount);

/** Whether two texts are the same amount, such as "1.50" and "1.5". */
export const same = (left: string, right: string): boolean => compare(left, right) === 0;

/** `part` divided by `whole` as a number, for geometry and shares only; 0 when the whole is 0. */
export function ratio(part: string, whole: string): number {
  const [one, other] = [read(part), read(whole)];
  const scale = Math.max(one.scale, other.scale);
  const [a, b] = [at(one, scale), at(other, scale)];
  return b === 0n ? 0 : Number((a * 1_000_000_000_000n) / b) / 1e12;
}

/** The amount as a number, for geometry only. */
export const near = (amount: string | null): number => (amount === null ? 0 : Number(amount));

/** How many decimals an amount has. */
export const decimals = (amount: string): number => read(amount).scale;

// The cells of a grid: what is shown, and the others of rows and of columns, in every corner exact.

import { drilled, identity, only } from "./asking";
import { remainder, type Member, type Naming } from "./figure";
import { everything, type Question, type Side } from "./sides";

type Lookup = (row: Member, column: Member) => string | null;

/** The cells of rows by columns, and the columns less what is skipped of them. */
export async function cellsOf(
  question: Question, rowNames: Naming, columnNames: Naming, rows: Side, columns: Side,
): Promise<{ cells: (string | null)[][]; columns: Member[] }> {
  const lookup = await lookupOf(question, rowNames, columnNames, rows, columns);
  const all = completed({ members: [...rows.skipped, ...rows.members] }, columns, lookup);
  const [skipped, cells] = [all.slice(0, rows.skipped.length), all.slice(rows.skipped.length)];
  const less = (one: Member, place: number): Member =>
    one.amount === null ? one : { ...one, amount: remainder(one.amount, skipped.map((line) => line[place] ?? null)) };
  return { cells, columns: skipped.length ? columns.members.map(less) : [...columns.members] };
}

async function lookupOf(
  question: Question, rowNames: Naming, columnNames: Naming, rows: Side, columns: Side,
): Promise<Lookup> {
  const cut = [narrowed(rowNames, rows), narrowed(columnNames, columns)].filter(Boolean).join("|");
  const data = await everything(question, [...drilled(rowNames), ...drilled(columnNames)], { cut });
  const found = new Map<string, string | null>();
  for (const row of data) {
    const amount = row[question.measure] ?? null;
    found.set(identity(row, rowNames) + identity(row, columnNames), amount === null ? null : String(amount));
  }
  return (row, column) => found.get(row.key + column.key) ?? null;
}

/** The cut that leaves the shown members; none where all are shown. */
export function narrowed(named: Naming, one: Side): string {
  const shown = [...one.skipped, ...one.members].filter((member) => member.kind !== "others");
  return shown.length === one.count || shown.length === 0 ? "" : only(named, shown);
}

/** All cells, those of “others” being what is left of the totals of their row and column. */
export function completed(
  rows: Pick<Side, "members">, columns: Pick<Side, "members">, lookup: Lookup,
): (string | null)[][] {
  const shownColumns = columns.members.filter((one) => one.kind !== "others");
  const cells = rows.members.map((row) =>
    columns.members.map((column) => (row.kind === "others" || column.kind === "others" ? null : lookup(row, column))),
  );
  const lastColumn = columns.members.findIndex((one) => one.kind === "others");
  const lastRow = rows.members.findIndex((one) => one.kind === "others");
  const rest = cells.map((line, place) => {
    const row = rows.members[place];
    if (lastColumn < 0 || !row || row.kind === "others") return line;
    const shown = line.slice(0, shownColumns.length);
    const left = row.amount === null ? null : remainder(row.amount, shown);
    return line.map((cell, column) => (column === lastColumn ? left : cell));
  });
  if (lastRow < 0) return rest;
  return rest.map((line, place) =>
    place !== lastRow
      ? line
      : line.map((_, column) => {
          const total = columns.members[column]?.amount ?? null;
          const shown = rest.filter((_line, row) => row !== lastRow).map((other) => other[column] ?? null);
          return total === null ? null : remainder(total, shown);
        }),
  );
}

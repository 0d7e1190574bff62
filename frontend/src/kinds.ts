// What a column can mean, and which of it fits what somebody types.

/** A ColumnType in words, as the API has it. */
export interface Kind {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  readonly about: string;
}

/** The kinds that fit all words that were typed, those first whose title begins so; all of them for nothing. */
export function fitting(kinds: readonly Kind[], typed: string): readonly Kind[] {
  const words = plain(typed).split(/\s+/u).filter((one) => one !== "");
  const found = kinds.filter((one) => words.every((word) => text(one).includes(word)));
  const begins = (one: Kind): number => (words.length > 0 && plain(one.title).startsWith(words[0] ?? "") ? 0 : 1);
  return [...found].sort((one, other) => begins(one) - begins(other));
}

/** The next place in a list, round and round. */
export function step(at: number, by: number, count: number): number {
  if (count === 0) return -1;
  if (at < 0) return by > 0 ? 0 : count - 1;
  return (at + by + count) % count;
}

const text = (one: Kind): string => plain(`${one.name} ${one.title} ${one.group} ${one.about}`);

/** In small letters and without accents. */
const plain = (words: string): string => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

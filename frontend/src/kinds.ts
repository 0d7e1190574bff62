// What a column can mean, and which of it fits what somebody types.

/** A ColumnType in words, as the API has it. */
export interface Kind {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  readonly about: string;
}

/** The kinds that fit all words that were typed, those first whose title says most of them; all of them for nothing. */
export function fitting(kinds: readonly Kind[], typed: string): readonly Kind[] {
  const words = plain(typed).split(/\s+/u).filter((one) => one !== "");
  const found = kinds.filter((one) => words.every((word) => text(one).includes(word)));
  const said = new Map(found.map((one) => [one, closeness(plain(one.title), words)]));
  return [...found].sort((one, other) => (said.get(other) ?? 0) - (said.get(one) ?? 0));
}

/** How many of the words a title has; a half more where it begins with the first. */
function closeness(title: string, words: readonly string[]): number {
  const has = words.filter((word) => title.includes(word)).length;
  return has + (words.length > 0 && title.startsWith(words[0] ?? "") ? 0.5 : 0);
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

/** Two parts of the examples, by their indices. */
export interface Split {
  trained: number[];
  heldOut: number[];
}

/** Indices of the examples of each class, in an order that only the seed decides. */
export function shuffledByClass(classes: ArrayLike<number>, count: number, seed: number): number[][] {
  const random = createRandom(seed);
  const groups = Array.from({ length: count }, (): number[] => []);
  for (let index = 0; index < classes.length; index++) groups[classes[index]!]!.push(index);
  for (const group of groups) {
    for (let last = group.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [group[last], group[other]] = [group[other]!, group[last]!];
    }
  }
  return groups;
}

/** Holds out the same part of every class: at least one example, and never all. */
export function holdOut(groups: readonly (readonly number[])[], part: number): Split {
  const heldOf = (group: readonly number[]) =>
    part > 0 ? Math.min(group.length - 1, Math.max(1, Math.round(group.length * part))) : 0;
  return {
    heldOut: groups.flatMap((group) => group.slice(0, heldOf(group))),
    trained: groups.flatMap((group) => group.slice(heldOf(group))),
  };
}

/** Splits for cross-validation: each example is held out in one of them. */
export function foldsOf(groups: readonly (readonly number[])[], folds: number): Split[] {
  return Array.from({ length: folds }, (_, fold) => ({
    heldOut: groups.flatMap((group) => group.filter((_, at) => at % folds === fold)),
    trained: groups.flatMap((group) => group.filter((_, at) => at % folds !== fold)),
  }));
}

/** Numbers of 0..1 that look random: xorshift with 32 bits (Marsaglia 2003). */
function createRandom(seed: number): () => number {
  // The state must not be 0, and small seeds shall not look alike.
  let state = Math.imul(seed + 1, 0x9e3779b1) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

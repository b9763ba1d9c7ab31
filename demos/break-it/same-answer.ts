/** Compares answers with the first that the same text got. */
export interface SameAnswer {
  /** Answers that were compared. */
  readonly compared: number;
  /** Those that differed, in any bit. */
  readonly wrong: number;
  take(text: string, answer: ArrayLike<number>): void;
}

export function createSameAnswer(): SameAnswer {
  const firsts = new Map<string, number[]>();
  let compared = 0;
  let wrong = 0;
  return {
    get compared() {
      return compared;
    },
    get wrong() {
      return wrong;
    },
    take(text, answer) {
      const first = firsts.get(text);
      if (!first) return void firsts.set(text, Array.from(answer));
      compared++;
      if (first.length !== answer.length || first.some((value, index) => !Object.is(value, answer[index]))) wrong++;
    },
  };
}

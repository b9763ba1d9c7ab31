/** Looks for the end of a text. */
export interface StopSequences {
  /** Where the first of them begins; -1 if there is none. */
  find(text: string): number;
  /** Up to where a text is sure not to be part of one that has only begun. */
  certain(text: string): number;
}

export function createStopSequences(given: string | readonly string[] = []): StopSequences {
  const sequences = (typeof given === 'string' ? [given] : [...given]).filter((sequence) => sequence.length > 0);
  return {
    find(text) {
      const found = sequences.map((sequence) => text.indexOf(sequence)).filter((index) => index >= 0);
      return found.length > 0 ? Math.min(...found) : -1;
    },
    certain(text) {
      const longest = Math.max(0, ...sequences.map(({ length }) => length - 1));
      for (let start = Math.max(0, text.length - longest); start < text.length; start++) {
        const end = text.slice(start);
        if (sequences.some((sequence) => sequence.startsWith(end))) return start;
      }
      return text.length;
    },
  };
}

/** Words that say little about what a text is about. */
const smallWords = new Set(
  (
    'a about after all also am an and any are as at be been before but by can could did do does each every for from get had has ' +
    'have he her his how i if in into is it its may me more most much my no nor not of off on one only or other others our out ' +
    'over own she so some such than that the their them then there these they this to too under up us very was way we were what ' +
    'when where which while who why will with would you your'
  ).split(' '),
);

/** Words of a text in lower case, without the small ones. */
function contentWords(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => !smallWords.has(word)));
}

/** Content words that two texts have in common. Words are compared as written: `tide` and `tides` differ. */
export function sharedWords(one: string, other: string): string[] {
  const words = contentWords(other);
  return [...contentWords(one)].filter((word) => words.has(word));
}

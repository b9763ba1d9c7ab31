// @ts-check

const prose = `
The ferry leaves the harbour at six, when the gulls are still asleep on the wet planks of the pier. A woman with a blue
umbrella counts her coins twice and buys one ticket, there and back. Behind her the baker carries trays of warm rolls on
board, because the island has no oven of its own since the storm of last winter. Nobody speaks much at that hour; the engine
hums under the floor, the lamps swing, and somewhere a radio reads the weather to itself. Halfway across the captain slows
down to let a freighter pass, long as a street and just as dark. Children on the upper deck wave at it, although no one
waves back. When the sun comes up behind the lighthouse, all the windows on the western shore catch fire at once, and for a
minute the whole bay looks like a box of brass buttons. The postman sorts his letters by house and not by name, for half of
the families on the island are called the same. He knows who waits for news from the city, who is owed money, and whose
daughter writes every Thursday in green ink. At the landing place stands a table with honey, eggs and a tin for the money;
in eleven years not a single coin has gone missing. Past the chapel the road turns to gravel and climbs between stone walls
to a school with two rooms, nine pupils and a telescope that a retired engineer built out of drainpipes and patience. On
clear nights he shows them the rings of Saturn and explains why the old charts put a sea on the moon. In the afternoon the
wind turns, as it does nearly every day, and the washing behind the houses begins to pull at its pegs. Fishermen mend their
nets and argue about the price of diesel, the new limits for cod, and whether the seals are to blame for everything. A
visitor asks for the quickest way to the cliffs and is told, politely, that there is none: take the slow one, it has the
better view. Up there the grass is short and full of thyme, and the path runs so near to the edge that talk dies away by
itself. Far below, the water folds over the rocks with the sound of someone turning pages. By evening the clouds have piled
up in the north, the bar has run out of lemonade, and the last boat blows its horn three times. Those who stay close their
shutters, put another log into the stove, and listen to the rain deciding how long it means to last.`;

const words = prose.trim().split(/\s+/);

/**
 * A batch as search boxes and document stores produce it: most texts are a sentence, some are two or three words, a few are
 * long paragraphs. Always the same texts in the same order.
 *
 * @param {number} [count]
 * @returns {string[]}
 */
export function mixedTexts(count = 64) {
  // Lengths of a log-normal distribution by their quantiles: median 15 words, one in twenty above 77.
  const lengths = Array.from({ length: count }, (_, index) => {
    const wordCount = 15 * Math.exp(normalQuantile((index + 0.5) / count));
    return Math.round(Math.min(120, Math.max(3, wordCount)));
  });
  // 27 shares no divisor with 64, so each length is taken once; neighbours differ much.
  return lengths.map((_, index) => {
    const length = /** @type {number} */ (lengths[(index * 27) % count]);
    const offset = (index * 37) % words.length;
    return Array.from({ length }, (_, word) => words[(offset + word) % words.length]).join(' ');
  });
}

/** Tukey's approximation of the normal distribution's quantile, good to two digits. @param {number} probability */
function normalQuantile(probability) {
  return 4.91 * (probability ** 0.14 - (1 - probability) ** 0.14);
}

// @ts-check

/** What both libraries embed first: 17 tokens of the model, its two special ones included. */
export const sentence = 'The ferry leaves the harbour at six, while the gulls are asleep.';

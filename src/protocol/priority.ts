/** From first to last. */
export const priorities = ['interactive', 'normal', 'background'] as const;

/** Which of several waiting calls goes first. */
export type Priority = (typeof priorities)[number];

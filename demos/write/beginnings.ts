/** Texts to go on with. */
export const beginnings: readonly { name: string; text: string }[] = [
  {
    name: 'A story',
    text: 'Once upon a time, in a little house by the sea, there lived a girl who had a small red boat. One morning',
  },
  {
    name: 'A letter',
    text: 'Dear neighbour,\n\nthank you for feeding the cat while we were away. I have to tell you what happened on',
  },
  {
    name: 'A list',
    text: 'Things to take to the mountains:\n1. A warm coat\n2. Bread and cheese\n3.',
  },
];

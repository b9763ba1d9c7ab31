import type { TaughtLabel } from './example-board.ts';

/** Messages to a shop. */
export const sampleLabels: readonly TaughtLabel[] = [
  {
    name: 'question',
    examples: [
      'Where is my parcel?',
      'Do you ship to Norway?',
      'How long does the battery last?',
      'Can I change the address of my order?',
      'Is the blue one still in stock?',
      'Which size should I take for a child of six?',
      'When does the sale end?',
      'Can I pay by invoice?',
      'What is the lamp made of?',
      'Do you have a shop in Leeds?',
      'Could you tell me when the jacket will be back?',
      'Is it possible to return a gift?',
      'Does the tent come with pegs?',
      'How do I wash the rug?',
      'Which colours are there?',
    ],
  },
  {
    name: 'complaint',
    examples: [
      'The lamp arrived in two pieces.',
      'Nobody has answered my mails for a week.',
      'I was charged twice for the same shirt.',
      'The zip broke on the first day.',
      'This is not the colour that I ordered.',
      'Your courier left the box in the rain.',
      'The instructions are useless and a screw is missing.',
      'The kettle leaks and smells of plastic.',
      'I have been waiting for my refund since May.',
      'The shirt shrank in the first wash.',
      'My order was cancelled without a word.',
      'The screen was scratched when I opened the box.',
      'It stopped working after two days.',
      'You sent me the wrong size again.',
      'The glue came off and the sole is loose.',
    ],
  },
  {
    name: 'praise',
    examples: [
      'The chair is even more comfortable than I hoped.',
      'Thank you for the quick delivery!',
      'Lovely packaging, my mother was delighted.',
      'Best kettle I have ever owned.',
      'Your people on the phone are so friendly.',
      'Great quality for the price.',
      'I love these boots and will order again.',
      'The colours are beautiful, thank you so much.',
      'Perfect fit, I am very happy.',
      'What a wonderful little shop.',
      'The rug is gorgeous and so soft.',
      'Everything arrived early and well packed.',
      'My children adore the tent.',
      'Excellent service, I will recommend you.',
      'This lamp makes me smile every evening.',
    ],
  },
];

export const sampleTrial = 'The cup has a crack, I want my money back';

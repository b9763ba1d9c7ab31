/** What people write to a shop, by what they want of it: written for these tests. */
export const labelledSentences = {
  complaint: [
    'The kettle stopped heating after two days.',
    'My parcel arrived crushed and half of it was missing.',
    'I was charged twice and nobody will refund me.',
    'The zip broke the first time I used the bag.',
    'Your courier threw the box over the fence.',
    'This is the third lamp that does not switch on.',
    'The jumper lost its colour in the first wash.',
    'I have waited on the phone for an hour and given up.',
    'The screws do not fit and the instructions are wrong.',
    'The shoes smell of glue and hurt my feet.',
    'You sent me the wrong size again.',
    'The battery is dead by noon every single day.',
    'The glass had a crack from top to bottom.',
    'Delivery was a week late and no one apologised.',
  ],
  praise: [
    'The coat is warm, light and beautifully made.',
    'What a lovely surprise, it came a day early!',
    'Your staff could not have been kinder to my mother.',
    'Best frying pan I have ever owned.',
    'The packaging was plastic-free, well done.',
    'My daughter adores the puzzle and plays with it daily.',
    'Everything works exactly as described, thank you.',
    'I am delighted with the quality of these towels.',
    'The repair was quick, cheap and perfect.',
    'Such a comfortable chair, I recommend it to everyone.',
    'The colours are even nicer than in the pictures.',
    'Great service from start to finish.',
    'Five years on and the boots still look like new.',
  ],
  question: [
    'Do you deliver to Norway?',
    'Which size should I order if I am between two?',
    'Is the cover machine washable?',
    'When will the blue one be in stock again?',
    'Can I pay by invoice?',
    'How long does the battery last on one charge?',
    'Where do I find the serial number?',
    'Does this lid fit the older pot as well?',
    'What is the difference between the two models?',
    'Could you tell me how to change my address?',
    'Are spare parts available for it?',
    'How do I return something that was a gift?',
    'Is there a shop in Lyon where I can try it?',
  ],
} as const;

export type SentenceLabel = keyof typeof labelledSentences;

/** As examples: label after label. */
export const sentenceExamples = Object.entries(labelledSentences).flatMap(([label, sentences]) =>
  sentences.map((input) => ({ input, label: label as SentenceLabel })),
);

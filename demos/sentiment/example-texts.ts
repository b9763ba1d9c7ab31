export interface ExampleText {
  name: string;
  text: string;
}

export const exampleTexts: ExampleText[] = [
  {
    name: 'A film in two halves',
    text: `The first hour is a delight, quick and warm and full of faces you want to know better. Then somebody remembers that there has to be a plot. What follows is a dull and noisy chase through three airports. The score never stops telling you what to feel. And yet the last scene, two people and a cold cup of coffee, is honest, beautiful and deeply moving.`,
  },
  {
    name: 'A hotel by the station',
    text: `We arrived wet and tired and were given tea before anyone asked for a passport. The room is lovely, bright and smells of cedar. The walls are so thin that I know how our neighbours vote. Breakfast was a disappointment: weak coffee and bread from a bag. The people at the desk are kind and funny, and I would love to come back.`,
  },
  {
    name: 'A pair of boots',
    text: `After one winter the soles fell apart in my hands. I wrote to the maker and was told that water is not covered. These are hiking boots. What a waste of money.`,
  },
  {
    name: 'A note of thanks',
    text: `You explained it with patience and good humour. For the first time the whole thing makes sense to me, and that is a joy. It was a wonderful afternoon, thank you.`,
  },
];

export const sampleQuestions: readonly string[] = [
  'How tall is the tower?',
  'What was there to eat in winter?',
  'How far away could the light be seen?',
  'How were ships warned in fog?',
  'Where do visitors sleep?',
];

/** Written for this page: island and lighthouse do not exist. */
export const sampleDocument = `# The light on Skarholm
Skarholm is a bare island of eleven hectares, two hours by boat from the nearest harbour. Nothing on it grows higher than a hand, and the wind seldom rests. A lighthouse has stood on its western cliff since 1861, because the reef behind the island had taken nineteen ships in ten years.

The first lighthouse was a wooden beacon with a coal fire. It burned four tonnes of coal in a long night, and in heavy rain the fire could not be seen from the water. In the winter of 1874 a storm undermined the rock on which it stood, and the keepers carried the lamp into their kitchen and let it shine through the window until spring. The beacon was never repaired.

# The tower
The present tower was built of granite between 1876 and 1879. It is thirty-four metres tall and stands on the highest point of the island, well away from the edge. Its walls are two metres thick at the ground. A stair of one hundred and sixty-two steps leads to the lantern room, and every stone was brought over by rowing boats in the few calm weeks of three summers.

The lens came from Paris in forty-one wooden boxes. It floats on a bath of mercury, so that a child can turn it with one finger. A falling weight drove the clockwork and had to be wound up every four hours, day and night. The light could be seen for twenty-one nautical miles. In 1938 a cable was laid from the mainland and an electric lamp took the place of the oil burner.

# Life on the island
Three families lived on Skarholm at any time. They kept goats and hens and grew potatoes in soil that had come as ballast in the supply ship. From November to March no boat could land, so the winter's food was salted herring, dried peas and hard bread, with an egg on Sundays. The schoolroom was in the tower, one floor below the lantern, and had five pupils in its best year.

The keepers wrote down the weather eight times a day. These books are complete from 1879 to 1983, and researchers use them today to see how storms have changed. The most feared visitor was fog. When it came, the keepers fired a small cannon every ten minutes, and after 1902 they sounded a horn that was driven by compressed air and made the goats run into the sea.

# After the keepers
The last keeper left in September 1983, when the light was made to work by itself. A technician comes twice a year. Solar panels have fed the lamp since 2009, and the cable has been given up. The mercury was taken out in the same year, and the lens now turns on steel bearings.

In July and August the tower is open to groups of up to twelve people who have asked the harbour office for a permit. They sleep in the old schoolroom. Dogs must stay on the boat, because puffins nest in the grass. Whoever climbs to the lantern room is asked to wear a cap: without one, the lens gathers the sun and can burn the hair off a head in a minute.
`;

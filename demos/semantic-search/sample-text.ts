/** Texts to start with. A line that starts with `#` names what follows it. */
export const sampleText = `# Bread
Flour, water and salt become dough, and time does most of the work.
A sourdough starter has to be fed every day, like a small pet.
Kneading stretches the gluten until the dough holds its shape.
Bakers get up at two in the morning so that the rolls are warm by six.
Steam in a hot oven keeps the crust soft while the loaf is still rising.
A loaf that is cut too early has a gummy crumb.
Stale slices make the best toast.
Rye keeps for a week, a baguette is old by the evening.

# Tides
Twice a day the sea leaves the harbour and the fishing boats settle on the mud.
The moon pulls at the water, and the coast runs into the bulge.
When sun and moon line up, the water climbs highest and the beach almost disappears.
Shore birds follow the edge of the ebb to feed.
In the narrow estuary the flood arrives as a single brown wave.
Sailors keep a table of high and low water beside the compass.
Swimmers are carried out when the current turns.

# Bees
A bee that has found a meadow dances on the comb to tell the others where it lies.
The angle of her dance is the direction to fly, and its length is the distance.
Honey is nectar that thousands of wings have fanned dry.
A swarm that hangs from a branch is looking for a new home and rarely stings.
The queen lays two thousand eggs on a long day in June.
In winter the colony shivers to keep itself warm.
The beekeeper blows smoke into the hive and lifts the frames slowly.
Where nobody pollinates, the orchard carries no apples.

# Night trains
The conductor collects the passports so that nobody has to be woken at the border.
Six strangers share a compartment with six narrow bunks.
After midnight the carriages are shunted, and the passengers dream of furniture being moved.
You go to bed in Paris and have breakfast in Vienna.
A berth costs as much as a hotel room and saves you one.
The short flight would have been faster and would have burned ten times the fuel.
At dawn the first mountains slide past the window of the dining car.

# Violins
The maker carves the belly from spruce and the back from maple.
She taps the plate, listens to its tone and shaves off another tenth of a millimetre.
No chemist has found a secret in the varnish of the old Italian instruments.
In blind tests, soloists prefer new violins and take them for antiques.
Gut strings go out of tune when the concert hall fills with breath.
A student practises scales for years before the bow obeys.
A crack that is glued well does not change the sound.

# Glaciers
Snow that survives the summer is pressed, layer by layer, into ice.
Under its own weight the ice begins to flow downhill, a hand's breadth a day.
A glacier grinds the rock beneath it to flour.
Boulders lie in the fields where the melting ice set them down.
In August, meltwater roars through shafts to the bed.
Every year the surveyors walk further up the valley to reach the edge.
Ice that took ten thousand winters to form may be gone within a lifetime.
`;

/** Queries for the sample text, worded unlike the sentences they find. The page opens with the first. */
export const sampleQueries = [
  'gravity moves the ocean',
  'insects showing each other the way',
  'falling asleep in one country and waking up in another',
  'global warming',
  'learning takes patience',
];

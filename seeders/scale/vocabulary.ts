type Words = readonly [string, ...string[]];

/** Names of makers, each on every 120th item: a search for one finds 417 of 50,000. None is part of another word here. */
export const MAKERS = words(`
  Karoo Drakensberg Limpopo Umgeni Khayelitsha Overberg Kalahari Boland Magaliesberg Cederberg Tsitsikamma Outeniqua Hogsback
  Mpumalanga Zululand Namaqua Swartberg Langeberg Winelands Highveld Bushveld Lowveld Soweto Alexandra Gugulethu Umlazi
  Mdantsane Mamelodi Tembisa Katlehong Vosloorus Thokoza Sebokeng Botshabelo Mangaung Galeshewe Delft Nyanga Kwamashu Phoenix
  Chatsworth Zwelitsha Motherwell Bethelsdorp Atteridgeville Soshanguve Hammanskraal Polokwane Tzaneen Thohoyandou Giyani
  Phalaborwa Mbombela Barberton Ermelo Standerton Newcastle Ladysmith Estcourt Howick Ballito Eshowe Vryheid Ulundi Jozini
  Kokstad Mthatha Qonce Komani Cradock Graaff Makhanda Jeffreys Knysna Mossel Oudtshoorn Riversdale Swellendam Caledon
  Hermanus Grabouw Paarl Wellington Worcester Ceres Tulbagh Malmesbury Saldanha Vredenburg Clanwilliam Springbok Upington
  Kimberley Kuruman Vryburg Mahikeng Rustenburg Brits Potchefstroom Klerksdorp Welkom Kroonstad Bethlehem Harrismith Clarens
  Ficksburg Sasolburg Vereeniging Boksburg Benoni Germiston Sandton Randfontein Krugersdorp Centurion Thandi Sipho Nomvula
  Lerato Themba
`);

/** Words of every 50th item in turn: a search for one finds 42 of 50,000. */
export const RARE_WORDS = words(`
  marula rooibos buchu naartjie granadilla moringa baobab sorrel waterblommetjie kudu springhare snoek mopane morogo suurvy
  spekboom hoodia tamarillo loquat kumquat aloe honeybush prickly youngberry
`);

/** Words of most other items. */
export const VARIANTS = words(`
  super white brown family value braai peri-peri chutney smoked mild extra original light instant creamy crunchy golden fresh
  frozen organic spicy sweet salted plain mixed classic premium economy thick fine coarse double mini jumbo lemon orange
  strawberry vanilla ginger garlic
`);

export interface Shelf {
  /** Code of a category of the demo shop's tree, third level. */
  readonly category: string;
  readonly unit: 'each' | 'kg';
  readonly products: Words;
  readonly sizes: Words;
}

const GRAMS = list('250 g, 400 g, 500 g, 1 kg');
const SACKS = list('1 kg, 2.5 kg, 5 kg, 10 kg');
const LITRES = list('330 ml, 500 ml, 1 l, 2 l');
const PACKS = list('single, 6 pack, 12 pack, 24 pack');
const LOOSE = list('loose, loose grade 1, loose grade 2');

/** What stands where, and how it is packed. */
export const SHELVES: readonly [Shelf, ...Shelf[]] = [
  each('MAIZE', 'maize meal, samp, mealie rice, mabele meal, maize grits', SACKS),
  each('RICE-PASTA', 'parboiled rice, basmati rice, macaroni, spaghetti, two-minute noodles', GRAMS),
  each('FLOUR-BAKING', 'cake flour, bread flour, baking powder, instant yeast, custard powder', GRAMS),
  each('BEANS-DRY', 'sugar beans, split peas, red lentils, soya mince', GRAMS),
  each('SUGAR-SALT', 'sugar, icing sugar, table salt, sea salt', SACKS),
  each('CEREAL', 'corn flakes, wheat biscuits, oats, muesli, sorghum porridge', GRAMS),
  each('TEA-COFFEE', 'tagless teabags, ground coffee, instant coffee, chicory blend, drinking chocolate', GRAMS),
  each('SPREADS', 'peanut butter, apricot jam, fish paste, golden syrup', GRAMS),
  each('TIN-FISH', 'pilchards, tuna chunks, sardines, mackerel', GRAMS),
  each('TIN-VEG', 'baked beans, sweetcorn, chopped tomato, garden peas, peach halves', GRAMS),
  each('TIN-MEAT', 'corned beef, chicken curry, meatballs', GRAMS),
  each('OIL-FAT', 'sunflower oil, olive oil, canola oil, cooking fat', LITRES),
  each('SAUCES', 'tomato sauce, mayonnaise, mango atchar, chakalaka, vinegar', LITRES),
  each('SPICES', 'curry powder, stock cubes, soup powder, paprika, barbecue spice', GRAMS),
  each('CHIPS', 'potato chips, maize puffs, roasted peanuts, popcorn, nik naks', GRAMS),
  each('SWEETS', 'jelly babies, toffees, milk chocolate, lollipops, chewing gum', PACKS),
  each('BISCUITS', 'buttermilk rusks, tennis biscuits, cream crackers, wafers', GRAMS),
  each('MILK-AMASI', 'long-life milk, amasi, mageu, drinking yoghurt, buttermilk', LITRES),
  each('MARGARINE-EGGS', 'margarine, cheddar, gouda, eggs', GRAMS),
  weighed('COLD-MEAT', 'polony, viennas, russians, boerewors, biltong'),
  each('FROZEN', 'chicken braai pack, hake fillets, oven chips, ice lollies', SACKS),
  weighed('VEGETABLES', 'potatoes, onions, butternut, cabbage, spinach, carrots'),
  weighed('FRUIT', 'apples, bananas, oranges, pears, grapes, avocados'),
  each('BREAD-SLICED', 'toaster bread, government loaf, raisin bread', PACKS),
  each('FATCAKES', 'vetkoek, koeksisters, doughnuts', PACKS),
  each('CAKES', 'scones, queen cakes, milk tart, muffins', PACKS),
  each('FIZZY', 'cola, cream soda, ginger beer, iron brew, lemonade', LITRES),
  each('JUICE', 'fruit nectar, orange squash, guava juice, apple juice', LITRES),
  each('WATER-ENERGY', 'still water, sparkling water, energy drink, sports drink', LITRES),
  each('WASHING', 'washing powder, green bar soap, fabric softener, bleach', SACKS),
  each('DISH-FLOOR', 'dishwashing liquid, floor polish, pine gel, insect spray', LITRES),
  each('PAPER', 'toilet rolls, kitchen towel, serviettes, foil', PACKS),
  each('LIGHT-FUEL', 'paraffin, candles, matches, batteries, firelighters', PACKS),
  each('SOAP-SKIN', 'bath soap, body lotion, petroleum jelly, camphor cream', LITRES),
  each('HAIR-TEETH', 'toothpaste, shampoo, razor blades, hair relaxer', PACKS),
  each('BABY-HEALTH', 'nappies, baby cereal, headache powders, sanitary pads, cough mixture', PACKS),
];

/** Smallest amount that is sold, in thousandths of the unit. */
export const UNIT_STEP_THOUSANDTHS: Record<Shelf['unit'], number> = { each: 1000, kg: 50 };

function each(category: string, products: string, sizes: Words): Shelf {
  return { category, unit: 'each', products: list(products), sizes };
}

function weighed(category: string, products: string): Shelf {
  return { category, unit: 'kg', products: list(products), sizes: LOOSE };
}

function words(text: string): Words {
  return split(text, /\s+/);
}

function list(text: string): Words {
  return split(text, ', ');
}

function split(text: string, separator: string | RegExp): Words {
  const [first = '', ...rest] = text.trim().split(separator);
  return [first, ...rest];
}

import { itemsBaking } from './items-baking.js';
import { itemsBeansAndSugar } from './items-beans-and-sugar.js';
import { itemsBread } from './items-bread.js';
import { itemsCereals } from './items-cereals.js';
import { itemsChips } from './items-chips.js';
import { itemsCleaning } from './items-cleaning.js';
import { itemsDairyAndEggs } from './items-dairy-and-eggs.js';
import { itemsFatcakesAndKotas } from './items-fatcakes-and-kotas.js';
import { itemsFizzyDrinks } from './items-fizzy-drinks.js';
import { itemsFuel } from './items-fuel.js';
import { itemsJuiceAndWater } from './items-juice-and-water.js';
import { itemsMaize } from './items-maize.js';
import { itemsMeat } from './items-meat.js';
import { itemsOilAndSauces } from './items-oil-and-sauces.js';
import { itemsPersonalCare } from './items-personal-care.js';
import { itemsPrepaid } from './items-prepaid.js';
import { itemsProduce } from './items-produce.js';
import { itemsRiceAndPasta } from './items-rice-and-pasta.js';
import { itemsSpices } from './items-spices.js';
import { itemsSweetsAndBiscuits } from './items-sweets-and-biscuits.js';
import { itemsTeaAndSpreads } from './items-tea-and-spreads.js';
import { itemsTinned } from './items-tinned.js';
import type { DemoItem } from './types.js';

/** Everything the demo shop sells, aisle by aisle. The first item is the one that the start message scans. */
export const demoItems: readonly DemoItem[] = [
  ...itemsMaize,
  ...itemsRiceAndPasta,
  ...itemsBaking,
  ...itemsBeansAndSugar,
  ...itemsCereals,
  ...itemsTeaAndSpreads,
  ...itemsTinned,
  ...itemsOilAndSauces,
  ...itemsSpices,
  ...itemsChips,
  ...itemsSweetsAndBiscuits,
  ...itemsDairyAndEggs,
  ...itemsMeat,
  ...itemsProduce,
  ...itemsBread,
  ...itemsFatcakesAndKotas,
  ...itemsFizzyDrinks,
  ...itemsJuiceAndWater,
  ...itemsCleaning,
  ...itemsFuel,
  ...itemsPersonalCare,
  ...itemsPrepaid,
];

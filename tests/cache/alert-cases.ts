import type { MutationCase } from './mutation-case.js';

const BREAD = ['breadById', 'breadByEan', 'low', 'toBuy'];
const RULE = 'reorderPoint: "8", reorderQuantity: "6"';

export const ALERT_CASES: readonly MutationCase[] = [
  {
    mutation: 'reorderRuleSet',
    what: 'another rule, which the level is above',
    act: ({ ids }) => `input: { stockItem: "${ids.bread}", location: "${ids.shop}", ${RULE}, leadTimeDays: 1 }`,
    shows: [...BREAD, 'alerts', 'lowItems'],
  },
  {
    mutation: 'reorderRuleSet',
    what: 'a level that was not there',
    act: ({ ids }) => `input: { stockItem: "${ids.milk}", location: "${ids.empty}", ${RULE} }`,
    shows: ['milkById', 'milkBySku', 'alerts', 'low', 'toBuy', 'lowItems'],
  },
  {
    mutation: 'reorderRulesSet',
    what: 'a rule of each item in a category and beneath it',
    act: ({ ids }) => `input: { category: "${ids.food}", location: "${ids.back}", ${RULE} }`,
    shows: [...BREAD, 'cheeseById', 'alerts', 'lowItems'],
  },
  {
    mutation: 'reorderRuleRemove',
    what: 'a level without its rule',
    act: ({ ids }) => `stockItem: "${ids.bread}", location: "${ids.shop}"`,
    shows: [...BREAD, 'alerts', 'lowItems'],
  },
  {
    mutation: 'stockAlertAcknowledge',
    what: 'who has seen it',
    act: ({ ids }) => `id: "${ids.alert}"`,
    shows: ['alerts', 'breadById', 'low'],
  },
];

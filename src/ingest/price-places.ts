export const PRICE_SEED = 'sql/seeds/model_prices.csv';
/** A list that the user loaded, in the price folder. */
export const PRICE_LIST = 'prices.csv';
/** The user's own prices and names, in the price folder. */
export const PRICE_OVERRIDES = 'prices.json';

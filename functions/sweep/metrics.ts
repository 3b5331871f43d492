/** Metric of the accounts and Regions that a sweep could not look at; an alarm watches it. */
export const UNSWEPT_PLACES = "UnsweptPlaces";

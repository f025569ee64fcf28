/** One value for each parameter that is active in a trial. */
export type Values = Readonly<Record<string, string | number | boolean>>;

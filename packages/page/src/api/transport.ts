import type { Answer } from "./answer.js";

/** Path of the API on the server that served the page. */
export const BASE = "/api/v1";

/** Parameters of a request. Undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Carries requests to whatever answers them: a coordinator, or the data of a report. */
export interface Transport {
  /** Returns the JSON at a path below /api/v1. Safe to repeat. */
  get(path: string, query?: Query): Promise<Answer<unknown>>;
  /** Asks for a change. */
  post(path: string, body: unknown): Promise<Answer<unknown>>;
  /** Returns the address of a path below /api/v1, for downloads and event streams. */
  address(path: string, query?: Query): string | undefined;
}

/** Returns the path with its parameters in alphabetical order. */
export function pathWith(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const pairs = given.map(([name, value]) => [name, String(value)]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  const text = new URLSearchParams(pairs).toString();
  return text === "" ? path : `${path}?${text}`;
}

/** Returns a path whose segments are escaped. */
export function pathOf(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
}

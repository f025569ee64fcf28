// Limits on outcomes as texts: "val_loss <= 0.1".

import { z } from "zod";
import type { OutcomeLimit } from "../objective/outcomes.js";

const LIMIT = /^\s*(\p{L}[\p{L}\p{N}_./:@-]{0,99})\s*(<=|>=)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/u;
const LIMIT_TEXT = "a text such as val_loss <= 0.1: the name of an outcome, <= or >=, and a number";

/** Returns a limit from its text; undefined if the text is none. */
export function parseLimit(limit: string): OutcomeLimit | undefined {
  const match = LIMIT.exec(limit);
  const bound = Number(match?.[3]);
  if (match === null || !Number.isFinite(bound)) return undefined;
  return { text: limit.trim(), name: match[1] as string, comparison: match[2] as "<=" | ">=", bound };
}

/** The schema of a limit. */
export const limitSchema = z.string(LIMIT_TEXT).refine((limit) => parseLimit(limit) !== undefined, {
  error: LIMIT_TEXT,
});

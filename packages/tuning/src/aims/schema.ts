// The fields of a spec with several objectives or with limits on outcomes:
//
//   objectives: [{ metric: loss, goal: minimize }, { metric: latency, goal: minimize }]
//   limits: ["parameters <= 200000"]
//   pick: knee, or { weights: { loss: 2, latency: 1 } }

import { z } from "zod";
import { GOALS } from "../objective/goal.js";
import { fields, list, mapping, oneOf, real, text } from "../validation/schema.js";
import { limitSchema } from "./limit.js";

const OBJECTIVES_MAX = 4;
const LIMITS_MAX = 16;

const NAME_TEXT = "a name of at most 100 letters, digits and the characters _ . / : @ - that starts with a letter";
const NAME = /^\p{L}[\p{L}\p{N}_./:@-]{0,99}$/u;

const objectivesOf = <T extends z.ZodType>(objective: T) => list(objective, "objectives", [2, OBJECTIVES_MAX]);

/** The schema of limits on outcomes. */
export const limitsSchema = list(limitSchema, "limits", [0, LIMITS_MAX]);

/** The schema of the rule that picks one trial of the front. */
export const pickSchema = z.union(
  [
    z.literal("knee"),
    fields({ weights: mapping(z.string(), real({ above: 0 }), "a mapping from objectives to numbers above 0") }),
  ],
  'knee, or weights above 0 such as {"weights": {"loss": 2, "latency": 1}}',
);

/** The schema of the objectives of a study, each with its goal. */
export const objectivesSchema = objectivesOf(fields({ metric: text(NAME_TEXT, NAME), goal: oneOf(GOALS) }));

/** The schemas of the fields in a dialogue, where a goal has a default. */
export const aimsFields = {
  objectives: objectivesOf(
    fields({ metric: text(NAME_TEXT, NAME), goal: oneOf(GOALS).default("minimize") }),
  ).optional(),
  limits: limitsSchema.optional(),
  pick: pickSchema.optional(),
};

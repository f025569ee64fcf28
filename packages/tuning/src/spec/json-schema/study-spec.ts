import { modelSchema } from "../../plan/schema/layer.js";
import { trainingSchema } from "../../plan/schema/training-plan.js";
import { conditionsSchema } from "../../space/check/parameter-schema.js";
import { studySpecSchema } from "../schema.js";
import { REPEAT_MAX } from "../template/entries.js";
import { type JsonSchema, toJsonSchema } from "./convert.js";
import { described } from "./describe.js";
import { REFERENCE, withReferences } from "./references.js";

/**
 * Returns the JSON Schema of a study spec, with a description of every key.
 *
 * The schema refuses unknown keys, wrong types and values out of range. `parseStudySpec` also
 * checks rules between fields: `min` is at most `max`, each reference has its parameter, the last
 * layer fits the loss.
 */
export function studySpecJsonSchema(): JsonSchema {
  const spec = toJsonSchema(studySpecSchema);
  const model = withConditions(withReferences(withRepeat(toJsonSchema(modelSchema))), "layers");
  const training = withConditions(withReferences(toJsonSchema(trainingSchema)), "callbacks");
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Sintonia study spec",
    ...described({ ...spec, properties: { ...spec.properties, model, training } }),
    definitions: {
      [REFERENCE]: {
        type: "string",
        pattern: "^\\$[A-Za-z][A-Za-z0-9_]{0,63}$",
        description: "The value of a parameter of this study, by name.",
      },
    },
  };
}

/** Adds `repeat` to layer entries. */
function withRepeat(model: JsonSchema): JsonSchema {
  const repeat = { type: "integer", minimum: 0, maximum: REPEAT_MAX, default: 1 };
  return withEntryKey(model, "layers", { repeat });
}

/** Adds `when` to the entries of a list. Its values are no references. */
function withConditions(part: JsonSchema, list: string): JsonSchema {
  return withEntryKey(part, list, { when: toJsonSchema(conditionsSchema) });
}

/** Adds a key to each variant of a list's entries that is a mapping. */
function withEntryKey(part: JsonSchema, key: string, added: Record<string, JsonSchema>): JsonSchema {
  const list = part.properties?.[key] as JsonSchema;
  const variants = ((list.items as JsonSchema).anyOf ?? []).map((variant) =>
    variant.properties === undefined ? variant : { ...variant, properties: { ...variant.properties, ...added } },
  );
  return { ...part, properties: { ...part.properties, [key]: { ...list, items: { anyOf: variants } } } };
}

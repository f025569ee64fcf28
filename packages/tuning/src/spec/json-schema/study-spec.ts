import { modelSchema } from "../../plan/schema/layer.js";
import { trainingSchema } from "../../plan/schema/training-plan.js";
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
  const model = withReferences(withRepeat(toJsonSchema(modelSchema)));
  const training = withReferences(toJsonSchema(trainingSchema));
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

function withRepeat(model: JsonSchema): JsonSchema {
  const layers = model.properties?.["layers"] as JsonSchema;
  const repeat = { type: "integer", minimum: 0, maximum: REPEAT_MAX, default: 1 };
  const variants = ((layers.items as JsonSchema).anyOf ?? []).map((variant) =>
    variant.properties === undefined ? variant : { ...variant, properties: { ...variant.properties, repeat } },
  );
  return { ...model, properties: { ...model.properties, layers: { ...layers, items: { anyOf: variants } } } };
}

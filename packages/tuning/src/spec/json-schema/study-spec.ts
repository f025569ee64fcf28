import { modelSchema } from "../../plan/schema/layer.js";
import { moduleModelSchema } from "../../plan/schema/module.js";
import { trainingSchema } from "../../plan/schema/training-plan.js";
import { conditionsSchema } from "../../space/check/parameter-schema.js";
import { LIMIT_SCHEMAS, networkStudySchema, programStudySchema } from "../schema.js";
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
  const network = toJsonSchema(networkStudySchema);
  const program = toJsonSchema(programStudySchema);
  const layers = withConditions(withReferences(withRepeat(toJsonSchema(modelSchema))), "layers");
  const model = eitherModel(layers, toJsonSchema(moduleModelSchema));
  const training = withConditions(withReferences(toJsonSchema(trainingSchema)), "callbacks");
  const budget = withAnyLimit(network.properties?.["budget"]);
  const properties = { ...network.properties, budget, model, training: requiring(training, EVERY_TRAINING) };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Sintonia study spec",
    ...described(eitherOf({ ...network, properties }, { ...program, properties: { ...program.properties, budget } })),
    anyOf: variants(network, program, training),
    allOf: [{ anyOf: AIMS.map((key) => ({ required: [key] })) }],
    definitions: {
      [REFERENCE]: {
        type: "string",
        pattern: "^\\$[A-Za-z][A-Za-z0-9_]{0,63}$",
        description: "The value of a parameter of this study, by name.",
      },
    },
  };
}

/** Returns the schema of a budget that requires one limit of the search, whichever it is. */
function withAnyLimit(budget: JsonSchema = {}): JsonSchema {
  const anyOf = Object.keys(LIMIT_SCHEMAS).map((limit) => ({ required: [limit] }));
  return { ...requiring(budget, []), anyOf };
}

/** Keys that every `training` requires; a program's has no others. */
const EVERY_TRAINING = ["maxEpochs"];
/** Keys of `training` that the studies of networks and of modules require. */
const COMMON_TRAINING = ["batchSize", ...EVERY_TRAINING];

/** Keys of which a spec has one. */
const AIMS = ["objective", "objectives"];

/** A key that a module may give in place of its spec. */
const MODULE_KEY = "parameters";

/** Returns what each kind of spec requires beside the common keys: network, module, program. */
function variants(network: JsonSchema, program: JsonSchema, training: JsonSchema): JsonSchema[] {
  const own = ({ required = [] }: JsonSchema, { required: others = [] }: JsonSchema) =>
    required.filter((key) => !others.includes(key));
  const required = own(network, program);
  const networkParts = { model: { required: ["layers"] }, training: { required: training.required ?? [] } };
  return [
    { required: [...required, MODULE_KEY], properties: networkParts },
    { required, properties: { model: { required: ["module"] }, training: { required: COMMON_TRAINING } } },
    { required: [...own(program, network), MODULE_KEY], properties: { training: ofKeys(EVERY_TRAINING) } },
  ];
}

function ofKeys(keys: string[]): JsonSchema {
  return { propertyNames: { enum: keys } };
}

function requiring(json: JsonSchema, required: string[]): JsonSchema {
  return { ...json, required };
}

/** Returns the schema of a mapping with the keys of both models. `variants` requires some. */
function eitherModel(layers: JsonSchema, module: JsonSchema): JsonSchema {
  return { ...requiring(layers, []), properties: { ...layers.properties, ...module.properties } };
}

/** Returns the schema of a mapping with the keys of both specs, and with what both require. */
function eitherOf(network: JsonSchema, program: JsonSchema): JsonSchema {
  const [needed = [], others = []] = [network.required, program.required];
  const objective = objectiveOf(network.properties?.["objective"], program.properties?.["objective"]);
  const training = network.properties?.["training"] as JsonSchema;
  return {
    ...network,
    properties: { ...network.properties, ...program.properties, objective, training },
    required: needed.filter((key) => others.includes(key) && key !== MODULE_KEY && !AIMS.includes(key)),
  };
}

/** Returns the schema of an objective with a metric of either. */
function objectiveOf(network: JsonSchema = {}, program: JsonSchema = {}): JsonSchema {
  const metrics = [network, program].flatMap(({ properties }) => properties?.["metric"] ?? []);
  return { ...network, properties: { ...network.properties, metric: { anyOf: metrics } } };
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

// A reference `$name` stands for any scalar in `model` and `training`: number, text, true or false.

import { type JsonSchema, namesOf } from "./convert.js";

/** Name of the definition that every reference points to. */
export const REFERENCE = "reference";

const reference: JsonSchema = { $ref: `#/definitions/${REFERENCE}` };

/** Returns a copy of a schema that accepts references in place of scalars. */
export function withReferences(json: JsonSchema): JsonSchema {
  if (json.anyOf !== undefined) return withVariants(json, json.anyOf);
  if (json.properties !== undefined) return { ...json, properties: mapValues(json.properties, withReferences) };
  if (json.items !== undefined && !Array.isArray(json.items)) return { ...json, items: withReferences(json.items) };
  return isScalar(json) ? withVariants(annotationsOf(json), [withoutAnnotations(json)]) : json;
}

function withVariants(json: JsonSchema, variants: readonly JsonSchema[]): JsonSchema {
  const types = variants.filter((variant) => namesOf(variant).length > 0);
  return {
    ...json,
    anyOf: [
      ...variants.map((variant) => (isScalar(variant) ? variant : variantWithReferences(variant))),
      ...(types.length > 0 ? [{ type: "object", properties: { type: reference }, required: ["type"] }] : []),
      ...(variants.some(isScalar) ? [reference] : []),
    ],
  };
}

/** The deciding field stays a text, so that editors can tell the variants apart. */
function variantWithReferences(variant: JsonSchema): JsonSchema {
  const { type, ...properties } = variant.properties ?? {};
  if (type === undefined) return withReferences(variant);
  return { ...variant, properties: { type, ...mapValues(properties, withReferences) } };
}

function isScalar({ type, enum: values, const: value }: JsonSchema): boolean {
  return ["string", "number", "integer", "boolean"].includes(type ?? "") || values !== undefined || value !== undefined;
}

function annotationsOf(json: JsonSchema): JsonSchema {
  return Object.hasOwn(json, "default") ? { default: json.default } : {};
}

function withoutAnnotations({ default: _, ...json }: JsonSchema): JsonSchema {
  return json;
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

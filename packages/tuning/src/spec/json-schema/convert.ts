// From zod to JSON Schema draft 7, which editors support best, with the shorthands that zod cannot
// see.

import { z } from "zod";
import { type Shorthand, shorthandOf } from "../../validation/schema.js";

/** A JSON Schema; only the keywords that the study spec needs. */
export interface JsonSchema {
  $schema?: string;
  $ref?: string;
  title?: string;
  description?: string;
  examples?: unknown[];
  default?: unknown;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  items?: JsonSchema | JsonSchema[];
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  required?: string[];
  properties?: Record<string, JsonSchema>;
  propertyNames?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  definitions?: Record<string, JsonSchema>;
}

/** Returns the JSON Schema of what a zod schema accepts, apart from rules between fields. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => complete(zodSchema, jsonSchema as JsonSchema),
  }) as JsonSchema;
  return json;
}

function complete(schema: z.core.$ZodType, json: JsonSchema): void {
  const { def } = schema._zod;
  if (def.type === "default") json.default = (def as z.core.$ZodDefaultDef).defaultValue;
  simplify(json);
  const shorthand = shorthandOf(schema);
  if (shorthand !== undefined) accept(shorthand, json);
}

/** Replaces patterns that only count characters by lengths, and drops bounds of safe integers. */
function simplify(json: JsonSchema): void {
  const length = /^\^\.\{(\d+),(\d+)\}\$$/.exec(json.pattern ?? "");
  if (length !== null) {
    delete json.pattern;
    if (length[1] !== "0") json.minLength = Number(length[1]);
    json.maxLength = Number(length[2]);
  }
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  if (json.oneOf !== undefined) {
    json.anyOf = json.oneOf;
    delete json.oneOf;
  }
}

function accept(shorthand: Shorthand, json: JsonSchema): void {
  if (shorthand.kind === "single") {
    const list = { ...json };
    for (const key of Object.keys(json)) delete json[key as keyof JsonSchema];
    json.anyOf = [list.items as JsonSchema, list];
  } else if (json.enum === undefined) acceptNames(shorthand, json);
  else json.enum = [...json.enum, ...Object.keys(shorthand.aliases)];
}

/** Accepts aliases of types, and a type alone for a variant without further required fields. */
function acceptNames({ key, aliases, fallback }: Shorthand & { kind: "named" }, json: JsonSchema): void {
  // Copies, since zod shares the variants between all schemas that have them.
  const variants = (json.anyOf ?? []).map((variant) => {
    const known = namesOf(variant, key);
    const names = [...known, ...Object.keys(aliases).filter((alias) => known.includes(aliases[alias]))];
    const required = (variant.required ?? []).filter((field) => field !== key || !known.includes(fallback));
    return { ...variant, properties: { ...variant.properties, [key]: { type: "string", enum: names } }, required };
  });
  const alone = variants.filter(({ required }) => required.every((field) => field === key));
  const names = alone.flatMap((variant) => namesOf(variant, key));
  json.anyOf = [...(names.length > 0 ? [{ type: "string", enum: names }] : []), ...variants];
}

/** Returns the values of a variant's deciding field. */
export function namesOf(variant: JsonSchema, key = "type"): unknown[] {
  const field = variant.properties?.[key];
  return field?.enum ?? (field?.const === undefined ? [] : [field.const]);
}

import { type JsonSchema, namesOf } from "./convert.js";
import { DESCRIPTIONS } from "./descriptions.js";

/** Returns a copy of the spec's schema with descriptions and examples at its keys. */
export function described(json: JsonSchema): JsonSchema {
  return describedAt(json, "");
}

/**
 * Walks a schema. The path of a key consists of the keys above it, joined by dots. List items and
 * variants add nothing; a mapping with free names adds `*`. A variant may have a description of its
 * own at `path(Type).key`.
 */
function describedAt(json: JsonSchema, path: string, variant = ""): JsonSchema {
  const copy = { ...json };
  if (json.properties !== undefined) {
    const entries = Object.entries(json.properties).map(([key, value]) => {
      const at = path === "" ? key : `${path}.${key}`;
      const [description, example] = DESCRIPTIONS[`${path}(${variant}).${key}`] ?? DESCRIPTIONS[at] ?? [];
      if (description === undefined) throw new Error(`${at} of the study spec has no description`);
      const examples = example === undefined ? {} : { examples: [example] };
      return [key, { description, ...examples, ...describedAt(value, at) }] as const;
    });
    copy.properties = Object.fromEntries(entries);
  }
  if (json.anyOf !== undefined) {
    copy.anyOf = json.anyOf.map((option) => describedAt(option, path, String(namesOf(option)[0] ?? "")));
  }
  if (typeof json.additionalProperties === "object") {
    copy.additionalProperties = describedAt(json.additionalProperties, `${path}.*`);
  }
  if (json.items !== undefined && !Array.isArray(json.items)) copy.items = describedAt(json.items, path);
  return copy;
}

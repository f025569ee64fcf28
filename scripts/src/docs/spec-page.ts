// The reference of the study spec, made from its JSON Schema: a table of keys for each part.

import type { JsonSchema } from "@sintonia/tuning/spec/json-schema/convert";
import { studySpecJsonSchema } from "@sintonia/tuning/spec/json-schema/study-spec";
import { SECTIONS, type Section } from "./spec-sections.js";

/** Returns the sections of docs/spec.md. */
export function specSections(): string {
  const schema = studySpecJsonSchema();
  return SECTIONS.map((section) => sectionText(schema, section)).join("\n\n");
}

function sectionText(schema: JsonSchema, { title, level, path, text, variants }: Section): string {
  const heading = `${"#".repeat(level)} ${title}`;
  const tables = objectsAt(schema, path)
    .filter((object) => !isRestriction(object))
    .filter((object) => variants === undefined || isWanted(object, variants));
  return [heading, text, ...unique(tables.map(tableText))].filter((part) => part !== "").join("\n\n");
}

/** Returns the mappings at a path: one, or one for each variant. */
function objectsAt(schema: JsonSchema, path: readonly string[]): JsonSchema[] {
  const [key, ...rest] = path;
  if (key === undefined) return mappings(schema);
  const inner = mappings(schema).flatMap(({ properties, additionalProperties }) => {
    const free = typeof additionalProperties === "object" ? additionalProperties : undefined;
    return properties?.[key] ?? (key === "*" ? free : undefined) ?? [];
  });
  return inner.flatMap((value) => objectsAt(value, rest));
}

function mappings(schema: JsonSchema): JsonSchema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items].flat())];
  const own = schema.properties !== undefined || typeof schema.additionalProperties === "object" ? [schema] : [];
  return [...own, ...inner.flatMap(mappings)].filter((object) => !isReferenceVariant(object));
}

/** The variant whose type is a reference has no keys of its own. */
function isReferenceVariant({ properties }: JsonSchema): boolean {
  return properties?.["type"]?.$ref !== undefined;
}

/** A variant that only restricts keys which another one describes. */
function isRestriction({ properties = {} }: JsonSchema): boolean {
  const keys = Object.values(properties);
  return keys.length > 0 && keys.every(({ description }) => description === undefined);
}

function isWanted({ properties }: JsonSchema, variants: readonly string[]): boolean {
  return texts(properties?.["type"] ?? properties?.["rule"] ?? {}).some((name) => variants.includes(name));
}

function tableText({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(([key, value]) => {
    const isRequired = required.includes(key);
    const meaning = cell(value.description ?? "");
    const cells = [
      `\`${key}\``,
      cell(typeText(value)),
      defaultText(value, isRequired),
      meaning,
      exampleText(key, value),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| key | type and range | default | meaning | example |", "| --- | --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}

function typeText(schema: JsonSchema): string {
  const { type, items, anyOf, minItems, maxItems, additionalProperties } = schema;
  if (texts(schema).length > 0)
    return texts(schema)
      .map((name) => `\`${name}\``)
      .join(", ");
  if (anyOf !== undefined) return unique(anyOf.flatMap(variantText)).join(", or ");
  if (type === "array") return arrayText(items, minItems, maxItems);
  if (type === "object") return typeof additionalProperties === "object" ? "mapping by name" : "mapping";
  if (type === "integer" || type === "number") return `${type}${rangeText(schema)}`;
  if (type === "string") return `text${lengthText(schema)}`;
  return type ?? "any";
}

function variantText(variant: JsonSchema): string[] {
  if (variant.$ref !== undefined) return [];
  if (isReferenceVariant(variant)) return [];
  const isName = variant.enum !== undefined && variant.enum.length > 20;
  return [isName ? "a type name alone" : typeText(variant)];
}

function arrayText(items: JsonSchema["items"], min = 0, max?: number): string {
  if (Array.isArray(items)) return `pair [start, end) of ${typeText(items[0] ?? {})}`;
  const count = max === undefined ? "" : ` of ${min === 0 ? "at most" : `${min} to`} ${max}`;
  return `list${count}: ${typeText(items ?? {})}`;
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${number(minimum)} to ${number(maximum)}`;
  const bounds = [
    exclusiveMinimum === undefined ? [] : [`above ${number(exclusiveMinimum)}`],
    minimum === undefined ? [] : [`at least ${number(minimum)}`],
    exclusiveMaximum === undefined ? [] : [`below ${number(exclusiveMaximum)}`],
    maximum === undefined ? [] : [`at most ${number(maximum)}`],
  ].flat();
  return bounds.length === 0 ? "" : `, ${bounds.join(", ")}`;
}

function lengthText({ minLength, maxLength, pattern }: JsonSchema): string {
  if (pattern !== undefined) return isReadable(pattern) ? `, \`${pattern}\`` : "";
  return maxLength === undefined ? "" : `, ${minLength ?? 0} to ${number(maxLength)} characters`;
}

/** Returns true for patterns that say more to a person than the description does. */
function isReadable(pattern: string): boolean {
  return !/\(\?|\[\^/.test(pattern);
}

function defaultText(schema: JsonSchema, isRequired: boolean): string {
  if (isRequired) return "required";
  return Object.hasOwn(schema, "default") ? cell(`\`${flow(schema.default)}\``) : "-";
}

/** Variants share the example of a key. A variant that refuses it shows its first name instead. */
function exampleText(key: string, schema: JsonSchema): string {
  const [example] = schema.examples ?? [];
  if (example === undefined) return "";
  const names = texts(schema);
  const shown = names.length === 0 || names.includes(String(example)) ? example : names[0];
  return cell(`\`${key}: ${flow(shown)}\``);
}

function texts({ enum: values, const: value }: JsonSchema): string[] {
  return (values ?? (value === undefined ? [] : [value])).map(String);
}

/** Writes a value as YAML in one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${flow(inner)}`)
    .join(", ")} }`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}

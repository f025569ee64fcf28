// The table of a Helm chart's values, from the comments of its values.yaml.

import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";

/**
 * Returns a table with the path, the default and the comment of each value.
 *
 * A map in block form is a group of values. Everything else is a value: a scalar, a list, or a map
 * in braces.
 *
 * @param text - content of values.yaml
 */
export function chartValues(text: string): string {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new Error("the values are no map");
  return ["| value | default | |", "| --- | --- | --- |", ...rowsOf(contents, "")].join("\n");
}

function rowsOf(map: YAMLMap, prefix: string): readonly string[] {
  return map.items.flatMap((pair, index) => {
    const path = `${prefix}${String(pair.key)}`;
    const comment = commentOf(map, pair, index);
    if (!isGroup(pair.value)) return [row(path, `\`${defaultOf(pair)}\``, comment)];
    const head = comment === "" ? [] : [row(path, "", comment)];
    return [...head, ...rowsOf(pair.value, `${path}.`)];
  });
}

function isGroup(value: unknown): value is YAMLMap {
  return isMap(value) && value.flow !== true;
}

/** The parser gives the comment before the first key of a group to the group. */
function commentOf(map: YAMLMap, { key }: Pair, index: number): string {
  const own = isScalar(key) ? key.commentBefore : undefined;
  const text = own ?? (index === 0 ? map.commentBefore : undefined) ?? "";
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}

function defaultOf({ value }: Pair): string {
  if (isScalar(value)) return JSON.stringify(value.value);
  return JSON.stringify((value as YAMLMap).toJSON());
}

function row(path: string, standard: string, comment: string): string {
  return `| \`${path}\` | ${standard} | ${comment.replaceAll("|", "\\|")} |`;
}

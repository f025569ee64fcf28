import {
  type CST,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  Parser,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { describe, type Failure, type Problem } from "./problems.js";

/** 256 KiB: the largest study spec that is read. */
export const TEXT_BYTES_MAX = 256 * 1024;

/** Limit of the listed mistakes of syntax. Most follow from the first ones. */
const SYNTAX_PROBLEMS_MAX = 20;

/** Length of the source that a mistake of syntax shows, before it is shortened for display. */
const SOURCE_CHARACTERS_MAX = 200;

const OPTIONS = { prettyErrors: false, logLevel: "error", merge: true, uniqueKeys: false } as const;

/**
 * Upper limit of nested levels. A spec needs about eight; deep nesting overflows the parser's
 * stack.
 */
const DEPTH_MAX = 32;

/**
 * Reads YAML 1.2, and so JSON, into plain values. Merge keys (`<<`) have the meaning of YAML 1.1:
 * the keys of the mapping itself win.
 *
 * @returns the value, or every problem of the text with line and column; no text throws
 */
export function readYaml(text: string): { readonly ok: true; readonly value: unknown } | Failure {
  const bytes = text.length > TEXT_BYTES_MAX ? text.length : new TextEncoder().encode(text).length;
  if (bytes > TEXT_BYTES_MAX) return failure(`${Math.ceil(bytes / 1024)} KiB of text`, "at most 256 KiB");
  const replaced = replacedAt(text);
  if (replaced !== undefined) return replaced;
  const json = readPlainJson(text);
  if (json !== undefined) return checkKeys(json);
  if (depthOf([...new Parser().parse(text)]) > DEPTH_MAX) {
    return failure("a deeply nested text", `at most ${DEPTH_MAX} levels`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { ...OPTIONS, lineCounter: lines });
  const faults = [...document.errors, ...document.warnings, ...repeatedKeys(document.contents)];
  if (faults.length > 0) {
    const shown = faults.sort((a, b) => a.pos[0] - b.pos[0]).slice(0, SYNTAX_PROBLEMS_MAX);
    return {
      ok: false,
      problems: shown.map(({ message, pos }) => syntaxProblem(text, message, { at: pos[0], lines })),
    };
  }
  try {
    return checkKeys(document.toJS());
  } catch (error) {
    return aliasFailure(error as Error);
  }
}

/**
 * Describes an alias without anchor, an alias inside its own value, aliases that would expand to
 * more than memory holds, or a merge of something else than mappings.
 */
function aliasFailure({ message }: Error): Failure {
  if (message.startsWith("Merge sources"))
    return failure("a merge key (<<)", "an alias of a mapping, or a list of them");
  if (message.startsWith("Maximum call stack")) return failure("an alias inside its own value", "a value that ends");
  return failure("aliases", `valid YAML: ${message}`);
}

/**
 * Reads a text in exactly the form of `JSON.stringify`, the form that programs send. The result is
 * the same as that of the YAML parser, in a hundredth of the time.
 *
 * @returns undefined for any other text, and for one that is nested too deeply
 */
function readPlainJson(text: string): object | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || isDeeper(value, DEPTH_MAX)) return undefined;
    // JSON.parse keeps one of two equal keys.
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    // Ignored: the YAML parser reports the mistake with line and column.
    return undefined;
  }
}

/** Returns true if collections are nested in more levels than the limit. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** Refuses the character that a lenient decoder puts in place of bytes that are not UTF-8. */
function replacedAt(text: string): Failure | undefined {
  const offset = text.indexOf("\uFFFD");
  if (offset < 0) return undefined;
  const line = text.slice(0, offset).split("\n").length;
  return failure(`U+FFFD in line ${line}, which stands for bytes of another encoding`, "UTF-8");
}

function failure(received: string, expected: string): Failure {
  return { ok: false, problems: [{ path: "", received, expected }] };
}

function syntaxProblem(
  text: string,
  message: string,
  { at, lines }: { readonly at: number; readonly lines: LineCounter },
): Problem {
  const { line, col } = lines.linePos(at);
  const [source = ""] = text.slice(at, at + SOURCE_CHARACTERS_MAX).split("\n");
  const [firstLine] = message.split("\n");
  return {
    path: `line ${line}, column ${col}`,
    received: describe(source.trim()),
    // The parser names a function of its own for several documents.
    expected: firstLine?.startsWith("Source contains multiple") ? "one YAML document" : `valid YAML: ${firstLine}`,
  };
}

/** A fault in the form of the parser's own. */
interface Fault {
  readonly message: string;
  readonly pos: readonly [number, number];
}

/**
 * Finds keys that a mapping has more than once. The parser's own check compares each key with all
 * keys before it, which takes minutes for a text of the largest size.
 */
function repeatedKeys(root: unknown): readonly Fault[] {
  const faults: Fault[] = [];
  const open: unknown[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isMap(node)) faults.push(...repeatedIn(node));
    if (isCollection(node)) open.push(...children(node));
  }
  return faults;
}

function repeatedIn({ items }: YAMLMap): readonly Fault[] {
  const names = new Set<string>();
  return items.flatMap(({ key }) => {
    // A merge key may stand in a mapping several times.
    if (!isScalar(key) || key.value === "<<") return [];
    const name = String(key.value);
    if (!names.has(name)) {
      names.add(name);
      return [];
    }
    const at = key.range?.[0] ?? 0;
    return [{ message: "Map keys must be unique", pos: [at, at] as const }];
  });
}

function children({ items }: { readonly items: readonly unknown[] }): readonly unknown[] {
  return items.flatMap((item) => (isPair(item) ? [item.key, item.value] : [item])).filter((node) => isCollection(node));
}

/**
 * Returns the depth of the deepest collection. Uses a list of its own instead of recursion, because
 * the depth is not limited yet.
 */
function depthOf(tokens: readonly CST.Token[]): number {
  const open: [token: CST.Token | null | undefined, depth: number][] = tokens.map((token) => [token, 0]);
  let deepest = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    deepest = Math.max(deepest, depth);
    if (token?.type === "document") open.push([token.value, depth]);
    if (token === null || token === undefined || !("items" in token)) continue;
    for (const item of token.items) {
      if (item.key !== undefined) open.push([item.key, depth + 1]);
      if (item.value !== undefined) open.push([item.value, depth + 1]);
    }
  }
  return deepest;
}

/** Refuses the key `__proto__`, which plain JavaScript objects cannot hold safely. */
function checkKeys(value: unknown): { readonly ok: true; readonly value: unknown } | Failure {
  const hasForbidden = (node: unknown): boolean =>
    typeof node === "object" &&
    node !== null &&
    (Object.hasOwn(node, "__proto__") || Object.values(node).some(hasForbidden));
  return hasForbidden(value) ? failure("a field named __proto__", "no field of this name") : { ok: true, value };
}

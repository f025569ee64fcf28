import { type CST, LineCounter, Parser, parseDocument } from "yaml";
import { describe, type Failure, type Problem } from "./problems.js";

/** 256 KiB: the largest study spec that is read. */
export const TEXT_BYTES_MAX = 256 * 1024;

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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error", merge: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return {
      ok: false,
      problems: faults.map((fault) => syntaxProblem(text, fault.message, lines.linePos(fault.pos[0]))),
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

function syntaxProblem(text: string, message: string, { line, col }: { line: number; col: number }): Problem {
  const source = text.split("\n")[line - 1] ?? "";
  const [firstLine] = message.split("\n");
  return {
    path: `line ${line}, column ${col}`,
    received: describe(source.slice(Math.max(0, col - 1)).trim()),
    expected: `valid YAML: ${firstLine}`,
  };
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

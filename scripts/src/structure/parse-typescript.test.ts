import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTypeScript } from "./parse-typescript.js";
import type { SourceFile } from "./source-tree.js";

test("finds imports of values, of types, on demand, and re-exports, by relative paths", () => {
  const { imports } = parse(`import { a } from './a.js';
import type { B } from '../b.js';
export { c } from './d/c.js';
const e = await import('./e.js');
import "node:fs";
import '@sintonia/runtime/clock';
`);
  assert.deepEqual(imports, [
    { line: 1, target: "w/src/a.ts" },
    { line: 2, target: "w/b.ts" },
    { line: 3, target: "w/src/d/c.ts" },
    { line: 4, target: "w/src/e.ts" },
  ]);
});

test("finds each exported declaration once and tells whether a docstring precedes one of its declarations", () => {
  const { exports } = parse(`/** Has one. */
export function one(a: string): void;
export function one(a: number): void;
export function one(): void {}
// A line comment is no docstring.
export const two = 2, three = 3;
/** Both. */
export const Four = 4;
export type Four = number;
const five = 5;
export class Six {}
`);
  assert.deepEqual(exports, [
    { name: "one", line: 2, hasDocstring: true },
    { name: "two", line: 6, hasDocstring: false },
    { name: "three", line: 6, hasDocstring: false },
    { name: "Four", line: 8, hasDocstring: true },
    { name: "Six", line: 11, hasDocstring: false },
  ]);
});

test("counts type assertions, but not `as const`", () => {
  assert.equal(parse("const a = 1 as number; const b = [1] as const; const c = d as unknown as string;").castCount, 3);
});

test("measures functions without blank lines and without their docstring", () => {
  const { functions } = parse(`/** Adds. */
function add(a: number): number {

  return a + 1;
}
const twice = (a: number) => 2 * a;
class Sum {
  get value(): number {
    return 1;
  }
}
`);
  assert.deepEqual(functions, [
    { name: "add", line: 2, length: 3 },
    { name: "twice", line: 6, length: 1 },
    { name: "value", line: 8, length: 3 },
  ]);
});

test("finds comments, joins adjacent line comments, and ignores slashes in literals", () => {
  const { comments } = parse(`const a = "// no"; // trailing
// one
// two
const b = /[/]/.test(\`/* \${a /* inner */}//\`);
/**
 * Block.
 */
`);
  assert.deepEqual(comments, [
    { line: 1, endLine: 1, text: "// trailing", isTrailing: true },
    { line: 2, endLine: 3, text: "// one\n// two", isTrailing: false },
    { line: 4, endLine: 4, text: "/* inner */", isTrailing: true },
    { line: 5, endLine: 7, text: "/**\n * Block.\n */", isTrailing: false },
  ]);
});

function parse(text: string): SourceFile {
  const [file] = parseTypeScript(new Map([["w/src/file.ts", text]]));
  assert.ok(file);
  return file;
}

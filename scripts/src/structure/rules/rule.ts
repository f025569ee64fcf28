import type { SourceTree } from "../source-tree.js";

/** A violation of a rule, with advice. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly advice: string;
}

/** A rule: returns its violations in a checkout. */
export type Rule = (tree: SourceTree) => readonly Finding[];

import type { SourceTree } from "../source-tree.js";

/** A place where a rule does not hold, and what to do there. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly advice: string;
}

/** Returns the findings of one rule in a checkout. */
export type Rule = (tree: SourceTree) => readonly Finding[];

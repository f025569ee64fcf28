import { isProduct, type SourceTree } from "../source-tree.js";
import type { Finding } from "./rule.js";

/** Files whose exports are read by other workspaces, or by the rings around a core. */
const DOCUMENTED = /^(packages\/[^/]+\/src|services\/[^/]+\/src\/core)\//;

/** Finds exported declarations without a docstring in packages and cores. */
export function docstrings(tree: SourceTree): readonly Finding[] {
  const files = tree.files.filter(({ path }) => DOCUMENTED.test(path) && isProduct(path));
  return files.flatMap(({ path, exports }) =>
    exports
      .filter(({ hasDocstring }) => !hasDocstring)
      .map(({ name, line }) => ({
        path,
        line,
        rule: "docstring",
        advice: `${name} has no docstring. Write one, or do not export a name that only this file uses.`,
      })),
  );
}

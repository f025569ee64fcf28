import { fileGraph, folderGraph, type ImportEdge, type ImportGraph, knotsOf, shortestCycle } from "../import-graph.js";
import { productFiles, type SourceTree } from "../source-tree.js";
import type { Finding } from "./rule.js";

/** Finds a shortest import cycle in each knot of files and in each knot of folders. */
export function importCycles(tree: SourceTree): readonly Finding[] {
  return tree.workspaces.flatMap((workspace) => {
    const files = productFiles(tree, workspace);
    return [
      ...cyclesIn(fileGraph(files), "file-cycle", workspace),
      ...cyclesIn(folderGraph(files), "folder-cycle", workspace),
    ];
  });
}

function cyclesIn(graph: ImportGraph, rule: string, workspace: string): readonly Finding[] {
  return knotsOf(graph).flatMap((knot) => {
    const cycle = shortestCycle(graph, knot);
    const [first] = cycle;
    if (first === undefined) return [];
    return [{ path: first.path, line: first.line, rule, advice: describe(cycle, knot.length, workspace) }];
  });
}

function describe(cycle: readonly ImportEdge[], knotSize: number, workspace: string): string {
  const short = (path: string): string => (path === workspace ? "." : path.slice(workspace.length + 1));
  const nodes = [...cycle.map(({ from }) => short(from)), short(cycle[0]?.from ?? workspace)];
  const imports = cycle.map(({ path, line, target }) => `${short(path)}:${line} imports ${short(target)}`);
  const knot = knotSize > cycle.length ? ` (shortest cycle of a knot of ${knotSize})` : "";
  return `${nodes.join(" -> ")}${knot}: ${imports.join("; ")}. Move what both sides need, or turn one import around.`;
}

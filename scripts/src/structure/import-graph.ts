import { folderOf, type SourceFile } from "./source-tree.js";

/** An import from one node of a graph to another. A node is a file or a folder. */
export interface ImportEdge {
  readonly from: string;
  readonly to: string;
  /** The importing file and the line of the import. */
  readonly path: string;
  readonly line: number;
  readonly target: string;
}

/** First import of each pair of nodes, by importing and imported node. */
export type ImportGraph = ReadonlyMap<string, ReadonlyMap<string, ImportEdge>>;

/** Returns the graph of the imports between files. */
export function fileGraph(files: readonly SourceFile[]): ImportGraph {
  return graphOf(files, (path) => path);
}

/**
 * Returns the graph of the imports between folders. A file belongs to the folder directly above.
 */
export function folderGraph(files: readonly SourceFile[]): ImportGraph {
  return graphOf(files, folderOf);
}

function graphOf(files: readonly SourceFile[], nodeOf: (path: string) => string): ImportGraph {
  const present = new Set(files.map(({ path }) => path));
  const graph = new Map<string, Map<string, ImportEdge>>();
  for (const { path, imports } of files) {
    const from = nodeOf(path);
    const edges = graph.get(from) ?? new Map<string, ImportEdge>();
    graph.set(from, edges);
    for (const { line, target } of imports) {
      const to = nodeOf(target);
      if (from !== to && present.has(target) && !edges.has(to)) edges.set(to, { from, to, path, line, target });
    }
  }
  return graph;
}

/** Returns the strongly connected components of more than one node ("knots"), largest first. */
export function knotsOf(graph: ImportGraph): readonly (readonly string[])[] {
  const reachable = new Map([...graph.keys()].map((node) => [node, reachableFrom(graph, node)]));
  const knots = new Map<string, readonly string[]>();
  for (const [node, beyond] of reachable) {
    const knot = [...beyond].filter((other) => reachable.get(other)?.has(node)).sort();
    if (knot.length > 1) knots.set(knot.join("\n"), knot);
  }
  return [...knots.values()].sort((a, b) => b.length - a.length);
}

function reachableFrom(graph: ImportGraph, start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of graph.get(node)?.keys() ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}

/** Returns the imports of a shortest cycle in a knot, in order. */
export function shortestCycle(graph: ImportGraph, knot: readonly string[]): readonly ImportEdge[] {
  const cycles = knot.map((start) => shortestCycleThrough(graph, start));
  return cycles.reduce((shortest, cycle) => (cycle.length < shortest.length ? cycle : shortest));
}

/** Finds a shortest cycle through a node by breadth-first search. The node must lie on a cycle. */
function shortestCycleThrough(graph: ImportGraph, start: string): readonly ImportEdge[] {
  const seen = new Set<string>();
  let paths: (readonly ImportEdge[])[] = [[]];
  while (paths.length > 0) {
    const longer: (readonly ImportEdge[])[] = [];
    for (const path of paths) {
      for (const edge of graph.get(path.at(-1)?.to ?? start)?.values() ?? []) {
        if (edge.to === start) return [...path, edge];
        if (seen.has(edge.to)) continue;
        seen.add(edge.to);
        longer.push([...path, edge]);
      }
    }
    paths = longer;
  }
  throw new Error(`${start} lies on no import cycle`);
}

// tfjs numbers the layers that have no name: dense_Dense1, dense_Dense2 ... The count starts with
// the process, so that the second model of a process has other names than the first. Files need
// the same names for the same model: here each count starts with the model.

/** New names by the old ones. */
export type Renaming = ReadonlyMap<string, string>;

interface Entry {
  readonly class_name: string;
  readonly config: { readonly name: string };
}

/** Returns the names of a topology's unnamed layers, counted from 1 in their order. */
export function renamingOf(topology: unknown): Renaming {
  const counts = new Map<string, number>();
  const renaming = new Map<string, string>();
  for (const { class_name: type, config } of entriesOf(topology)) {
    const prefix = generatedPrefix(type, config.name);
    if (prefix === undefined || renaming.has(config.name)) continue;
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    renaming.set(config.name, `${prefix}${count}`);
  }
  return renaming;
}

/** Returns a copy of a topology with other names of layers. */
export function renamed(topology: unknown, renaming: Renaming): unknown {
  if (typeof topology === "string") return renaming.get(topology) ?? topology;
  if (Array.isArray(topology)) return topology.map((item: unknown) => renamed(item, renaming));
  if (!isRecord(topology)) return topology;
  return Object.fromEntries(Object.entries(topology).map(([key, value]) => [key, renamed(value, renaming)]));
}

/** Returns the name of a weight, whose parts before the last are names of layers. */
export function renamedWeight(name: string, renaming: Renaming): string {
  return name
    .split("/")
    .map((part) => renaming.get(part) ?? part)
    .join("/");
}

/** Returns the names of the classes in a topology, of layers, initializers and the like. */
export function classNames(topology: unknown): string[] {
  const names: string[] = [];
  visit(topology, ({ class_name: name }) => {
    if (typeof name === "string") names.push(name);
  });
  return names;
}

/** Returns the layers and models of a topology in their order. */
function entriesOf(topology: unknown): Entry[] {
  const entries: Entry[] = [];
  visit(topology, (value) => {
    const { class_name: type, config } = value;
    if (typeof type === "string" && isRecord(config) && typeof config["name"] === "string") {
      entries.push(value as unknown as Entry);
    }
  });
  return entries;
}

function visit(value: unknown, note: (record: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) visit(item, note);
  } else if (isRecord(value)) {
    note(value);
    for (const inner of Object.values(value)) visit(inner, note);
  }
}

/** Returns a generated name without its number; undefined for a name of the author's own. */
function generatedPrefix(type: string, name: string): string | undefined {
  const snake = type
    .replaceAll(/(.)([A-Z][a-z0-9]+)/gu, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/gu, "$1_$2")
    .toLowerCase();
  const prefixes = [`${snake}_${type}`, "input", "sequential_", "model"];
  return prefixes.find((prefix) => name.startsWith(prefix) && /^\d+$/u.test(name.slice(prefix.length)));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

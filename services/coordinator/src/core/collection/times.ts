/**
 * Number of groups of a map of times. A change copies one group and the list of groups: 64 + n / 64
 * entries for n times, which is least near n = 4,096, about the largest number of running trials.
 */
const GROUPS = 64;

type Group = ReadonlyMap<string, number>;

/** Times by trial id. Never changes: a change gives a new map, which shares what stays the same. */
export class Times {
  readonly #groups: readonly (Group | undefined)[];

  private constructor(groups: readonly (Group | undefined)[]) {
    this.#groups = groups;
  }

  /** Returns the map of some times by their ids. */
  static of(times: Iterable<readonly [string, number]>): Times {
    const groups: Map<string, number>[] = [];
    for (const [id, time] of times) {
      const index = groupOf(id);
      groups[index] ??= new Map();
      groups[index].set(id, time);
    }
    return new Times(groups);
  }

  /** Returns the time of a trial; undefined if it has none. */
  get(id: string): number | undefined {
    return this.#groups[groupOf(id)]?.get(id);
  }

  /** Tells whether a trial has a time. */
  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /** Returns a map in which a trial has another time. */
  with(id: string, time: number): Times {
    return this.#changed(id, (group) => group.set(id, time));
  }

  /** Returns a map in which a trial has no time. */
  without(id: string): Times {
    return this.has(id) ? this.#changed(id, (group) => group.delete(id)) : this;
  }

  /** Number of trials that have a time. */
  get size(): number {
    return this.#groups.reduce((sum, group) => sum + (group?.size ?? 0), 0);
  }

  /** Returns the ids of the trials that have a time. */
  ids(): readonly string[] {
    return [...this].map(([id]) => id);
  }

  /** Yields all times with their ids. */
  *[Symbol.iterator](): Generator<readonly [string, number]> {
    for (const group of this.#groups) if (group !== undefined) yield* group;
  }

  #changed(id: string, change: (group: Map<string, number>) => void): Times {
    const index = groupOf(id);
    const group = new Map(this.#groups[index]);
    change(group);
    const groups = [...this.#groups];
    groups[index] = group;
    return new Times(groups);
  }
}

/** Returns the group of an id. The ids of trials are numbers, apart from that of the test run. */
function groupOf(id: string): number {
  return Number(id) % GROUPS || 0;
}

import { createRandom, deriveSeed, type Random } from "@sintonia/tuning/random/random";

/** Roles of processes. */
export type ProcessRole = Exclude<Role, "state">;

/** Parts of an installation that a fault hits; `state` is the state folder of the coordinators. */
export type Role = "trainer" | "coordinator" | "nats" | "state";

/**
 * kill: kill -9, and a new start. end: SIGTERM, and a new start after the end. freeze: SIGSTOP,
 * then SIGCONT. cut: all connections that the process opens break and are refused. fill: JetStream,
 * or the disk of the state folder, has no room. flip: a byte of the newest checkpoint changes.
 * flip-log: the same in the copy of a log, while all coordinators are down.
 */
export type FaultKind = "kill" | "end" | "freeze" | "cut" | "fill" | "flip" | "flip-log";

/** One fault of one process. */
export interface Fault {
  /** Begin, in ms after the first moment of the storm. */
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly role: Role;
  /** Number of the process among those of its role, from 0. */
  readonly index: number;
  /** Time until the new start, SIGCONT or the healed connections. */
  readonly lengthMs: number;
}

/** The installation that faults hit, and how hard. */
export interface StormSettings {
  readonly seed: number;
  readonly lengthMs: number;
  /** Number of processes of each role. */
  readonly counts: Readonly<Record<Role, number>>;
  /** Time to live of leases. A process is frozen or cut off for up to 1.5 times as long. */
  readonly leaseTtlMs: number;
  /** Roles that can be filled. */
  readonly limited: readonly Role[];
}

/** Mean time between the begins of two faults. */
const GAP_MEAN_MS = 1_200;
/** Upper limit of the time without a killed or ended process. */
const DOWN_MAX_MS = 3_000;
/** Upper limit of each fault of a NATS server, which stops all work if there is one server. */
const NATS_MAX_MS = 4_000;
/** Time for which a process has no fault after one, so that it also works. */
const REST_MS = 8_000;

/** Faults by role, each as often as it is listed. */
const KINDS: Readonly<Record<Role, readonly FaultKind[]>> = {
  trainer: ["kill", "end", "freeze", "cut"],
  coordinator: ["kill", "end", "freeze", "cut"],
  nats: ["kill", "freeze", "fill"],
  state: ["fill", "flip", "flip-log"],
};

/** Roles, each as often as it is listed. */
const ROLES: readonly Role[] = [...Array<Role>(6).fill("trainer"), "coordinator", "coordinator", "nats", "state"];

/**
 * Draws the faults of a storm, in the order of their begins. A process has one fault at a time. At
 * most one NATS server has a fault, so that a cluster keeps its majority.
 */
export function faultsOf({ seed, lengthMs, counts, leaseTtlMs, limited }: StormSettings): readonly Fault[] {
  const random = createRandom(deriveSeed(seed, "chaos"));
  const freeAt = new Map<string, number>();
  const faults: Fault[] = [];
  for (let atMs = gap(random); atMs < lengthMs; atMs += gap(random)) {
    const role = pick(random, ROLES);
    const index = random.integer(counts[role]);
    const kinds = KINDS[role].filter((kind) => kind !== "fill" || limited.includes(role));
    const kind = pick(random, kinds);
    const fault = { atMs, kind, role, index, lengthMs: lengthOf(random, kind, role, leaseTtlMs) };
    const key = role === "nats" ? role : `${role} ${index}`;
    if ((freeAt.get(key) ?? 0) > atMs) continue;
    freeAt.set(key, atMs + fault.lengthMs + REST_MS);
    faults.push(fault);
  }
  return faults;
}

/** Describes a fault in a few words. */
export function describeFault({ kind, role, index, lengthMs }: Fault): string {
  return `${kind} ${role} ${index} for ${(lengthMs / 1_000).toFixed(1)} s`;
}

function gap(random: Random): number {
  return Math.ceil(-Math.log(1 - random.uniform()) * GAP_MEAN_MS);
}

function lengthOf(random: Random, kind: FaultKind, role: Role, leaseTtlMs: number): number {
  const isShort = kind === "kill" || kind === "end" || kind === "flip-log";
  const max = isShort ? DOWN_MAX_MS : 1.5 * leaseTtlMs;
  return 1 + random.integer(Math.round(role === "nats" ? Math.min(max, NATS_MAX_MS) : max));
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.integer(list.length)] as T;
}

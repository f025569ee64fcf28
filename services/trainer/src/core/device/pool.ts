// The accounts of one memory that the slots of a trainer share.
//
// If the memory is read by slot, a slot's need is the most that its processes have held. Otherwise
// only the sum over all programs is known: the need is then the growth of the sum while the slot's
// first trial trained, when no other slot began.

/** The memories that limit the number of trials. */
export type PoolName = "gpu" | "machine";

/** A reading of one memory, in bytes. */
export interface MemoryReading {
  /** Memory in use, whoever uses it. */
  readonly usedBytes: number;
  readonly totalBytes: number;
  /** Memory that the processes of each slot hold; absent if only the sum is known. */
  readonly heldBytes?: ReadonlyMap<number, number>;
}

/** The account of a slot. */
interface Account {
  /**
   * Memory in use before the slot opened; absent if it is unknown, or if another slot has ended
   * since.
   */
  readonly beforeBytes?: number;
  readonly needBytes: number;
}

/** The accounts of one memory. */
export interface Pool {
  readonly name: PoolName;
  /** The last reading; absent before the first one and while the memory cannot be read. */
  readonly reading?: MemoryReading;
  /** Memory in use before the first slot opened. */
  readonly baseBytes: number;
  readonly accounts: ReadonlyMap<number, Account>;
  /** The largest need of a slot that has closed; 0 once it is forgotten. */
  readonly closedNeedBytes: number;
}

/**
 * Part of a memory that stays free: trials grow after their first epochs, and the kernels of
 * engines need room for a moment.
 */
export const RESERVE_PART = 0.1;

/** Returns the accounts of a memory without slots. */
export function emptyPool(name: PoolName): Pool {
  return { name, baseBytes: 0, accounts: new Map(), closedNeedBytes: 0 };
}

/** Opens the account of a slot. */
export function withSlot(pool: Pool, slot: number): Pool {
  const before = pool.reading?.usedBytes;
  const account: Account = { needBytes: 0, ...(before === undefined ? {} : { beforeBytes: before }) };
  const baseBytes = pool.accounts.size === 0 ? (before ?? 0) : pool.baseBytes;
  return { ...pool, baseBytes, accounts: new Map([...pool.accounts, [slot, account]]) };
}

/**
 * Closes the account of a slot. The growth of the sum tells nothing more about the slots that are
 * being measured.
 */
export function withoutSlot(pool: Pool, slot: number): Pool {
  const accounts = new Map<number, Account>();
  for (const [id, { needBytes }] of pool.accounts) if (id !== slot) accounts.set(id, { needBytes });
  const closedNeedBytes = Math.max(pool.closedNeedBytes, pool.accounts.get(slot)?.needBytes ?? 0);
  return { ...pool, accounts, closedNeedBytes };
}

/** Forgets the needs of closed slots: the next trials may be of another study. */
export function forgetful(pool: Pool): Pool {
  return { ...pool, closedNeedBytes: 0 };
}

/**
 * Takes a reading into account.
 *
 * @param reading - undefined if the memory cannot be read
 * @param measuring - the slots whose need is not known yet
 */
export function withReading(pool: Pool, reading: MemoryReading | undefined, measuring: ReadonlySet<number>): Pool {
  const { reading: _, ...unread } = pool;
  if (reading === undefined) return unread;
  const accounts = new Map<number, Account>();
  for (const [slot, account] of pool.accounts) {
    const seen = seenBytes(pool, reading, { slot, account, isMeasuring: measuring.has(slot) });
    accounts.set(slot, { ...account, needBytes: Math.max(account.needBytes, seen) });
  }
  return { ...pool, reading, accounts };
}

interface Seen {
  readonly slot: number;
  readonly account: Account;
  readonly isMeasuring: boolean;
}

/** Returns the memory that a reading attributes to a slot. */
function seenBytes(pool: Pool, reading: MemoryReading, { slot, account, isMeasuring }: Seen): number {
  if (reading.heldBytes !== undefined) return reading.heldBytes.get(slot) ?? 0;
  if (!isMeasuring) return 0;
  if (account.beforeBytes !== undefined) return reading.usedBytes - account.beforeBytes;
  return (reading.usedBytes - pool.baseBytes) / pool.accounts.size;
}

/** Returns the largest need that is known: of the slots, and of those that closed. */
export function largestNeedBytes(pool: Pool, measuring: ReadonlySet<number>): number {
  const known = [...pool.accounts].filter(([slot]) => !measuring.has(slot)).map(([, { needBytes }]) => needBytes);
  return Math.max(pool.closedNeedBytes, ...known);
}

/**
 * Returns the memory in use once every slot holds what it needs. A slot that is being measured is
 * expected to need as much as the largest known need.
 */
export function expectedBytes(pool: Pool, measuring: ReadonlySet<number>): number {
  const largest = largestNeedBytes(pool, measuring);
  let sum = pool.reading?.usedBytes ?? 0;
  for (const [slot, { needBytes }] of pool.accounts) {
    const expected = measuring.has(slot) ? Math.max(needBytes, largest) : needBytes;
    const { heldBytes } = pool.reading ?? {};
    const held = heldBytes === undefined ? needBytes : (heldBytes.get(slot) ?? 0);
    sum += Math.max(0, expected - held);
  }
  return sum;
}

/** Returns the memory that trials may use in all. */
export function usableBytes({ reading }: Pool): number {
  return (reading?.totalBytes ?? 0) * (1 - RESERVE_PART);
}

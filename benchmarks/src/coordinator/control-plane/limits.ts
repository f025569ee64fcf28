/** A figure, and the limit that it shall keep. */
export interface Limit {
  readonly name: string;
  readonly value: number;
  readonly atMost: number;
}

/** A limit that was checked. */
export interface CheckedLimit extends Limit {
  readonly passed: boolean;
}

/** Figures with their limits. */
export interface Verdict {
  readonly limits: readonly CheckedLimit[];
  /** True if every limit is kept. */
  readonly passed: boolean;
}

/** Checks limits. */
export function verdictOf(limits: readonly Limit[]): Verdict {
  const checked = limits.map((limit) => ({ ...limit, passed: limit.value <= limit.atMost }));
  return { limits: checked, passed: checked.every(({ passed }) => passed) };
}

/** Says in one line whether a limit is kept. */
export function limitText({ name, value, atMost, passed }: CheckedLimit): string {
  return `${passed ? "pass" : "FAIL"}: ${name} ${Number(value.toFixed(2))}, at most ${atMost}`;
}

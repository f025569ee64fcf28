import type { Trial } from "../state/study.js";

/**
 * Limit of the metrics of a test run. A test reports at most 64 at once, and 1,000 have room in an
 * event.
 */
const TEST_METRICS_MAX = 1_000;

/** Returns the metrics that a test run reported; of a name that it reported twice, the last. */
export function testMetrics({ measurements }: Pick<Trial, "measurements">): Readonly<Record<string, number>> {
  const all = [...measurements].flatMap(({ metrics }) => Object.entries(metrics));
  return Object.fromEntries([...new Map(all)].slice(0, TEST_METRICS_MAX));
}

import assert from "node:assert/strict";
import { it } from "node:test";
import { runChaos } from "./chaos.js";

it("a study under half a minute of faults ends as without them", async (context) => {
  const settings = { seed: 14, stormMs: 30_000, trials: 60, natsServers: 1, leaseTtlMs: 5_000 };
  const lines: string[] = [];
  const report = await runChaos(settings, (line) => lines.push(line));
  context.diagnostic(JSON.stringify({ ...report.figures, faults: report.faultCount, leases: report.leaseCount }));
  assert.deepEqual(report.problems, [], `logs: ${report.folder}\n${lines.join("\n")}`);
});

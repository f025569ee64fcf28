import { it } from "node:test";
import { simulate } from "./simulate.js";

it("keeps every invariant and ends every study under the faults of 1,000 further seeds", async () => {
  for (let seed = 1_001; seed <= 2_000; seed++) await simulate(seed);
});

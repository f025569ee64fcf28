import { it } from "node:test";
import { simulate } from "./simulate.js";

it("keeps every invariant and ends every study under the faults of 300 further seeds", async () => {
  for (let seed = 301; seed <= 600; seed++) await simulate(seed);
});

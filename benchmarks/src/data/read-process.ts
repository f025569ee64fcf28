// Reads a CSV file as a trainer does. Prints a Reading as JSON.

import { openFileDataSet } from "@sintonia/data/dataset/open-file-data-set";
import type { Reading } from "./reading.js";

const path = process.argv[2] as string;
const start = performance.now();
const cpuStart = process.cpuUsage();
await openFileDataSet({ path: "x.csv", target: "y", task: "classification" }, () => path);
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(cpuStart);
const reading: Reading = {
  version: `Node ${process.version}`,
  seconds,
  cpuSeconds: (user + system) / 1e6,
  peakBytes: process.resourceUsage().maxRSS * 1_024,
};
process.stdout.write(`${JSON.stringify(reading)}\n`);

// Measures the coordinator under load: real nats-server, real coordinator, gRPC over loopback,
// synthetic trainers that train nothing.

import { Command } from "commander";
import { positiveInteger } from "../options/positive-integer.js";
import { measureReports } from "./control-plane/reports.js";

interface Options {
  readonly rate: number;
  readonly seconds: number;
  readonly trainers: number;
  readonly studies: number;
  readonly json?: true;
}

const options = new Command("bench:control-plane")
  .description("Measures the coordinator under load, with synthetic trainers; needs nats-server.")
  .option("--rate <n>", "epoch reports a second", positiveInteger, 2_000)
  .option("--seconds <n>", "duration of the reports", positiveInteger, 60)
  .option("--trainers <n>", "trainers that report", positiveInteger, 200)
  .option("--studies <n>", "studies of the trials", positiveInteger, 1)
  .option("--json", "print one JSON document")
  .parse()
  .opts<Options>();
const { rate, seconds, trainers, studies, json } = options;
const figures = await measureReports({ ratePerSecond: rate, seconds, trainers, studies });
const { stored, refused, answer, coordinatorCores } = figures;
const text = [
  `${stored} reports stored in ${figures.seconds.toFixed(1)} s, ${refused} refused`,
  `answers: median ${answer.p50Ms.toFixed(1)} ms, p99 ${answer.p99Ms.toFixed(1)} ms, max ${answer.maxMs.toFixed(1)} ms`,
  `processor time of the coordinator: ${coordinatorCores.toFixed(2)} cores`,
];
process.stdout.write(`${json === true ? JSON.stringify(figures, undefined, 2) : text.join("\n")}\n`);

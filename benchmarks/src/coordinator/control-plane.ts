// Measures the coordinator under load: real nats-server, real coordinator, gRPC over loopback,
// synthetic trainers that train nothing.

import { Command } from "commander";
import { positiveInteger } from "../options/positive-integer.js";
import { measureRecovery, type RecoveryFigures, type StartFigures } from "./control-plane/recovery.js";
import { measureReports, type ReportsFigures } from "./control-plane/reports.js";
import { measureTrials, type TrialsFigures } from "./control-plane/trials.js";

const program = new Command("bench:control-plane")
  .description("Measures the coordinator under load, with synthetic trainers; needs nats-server and Linux.")
  .showHelpAfterError();

program
  .command("reports")
  .description("answers to epoch reports at a fixed rate")
  .option("--rate <n>", "epoch reports a second", positiveInteger, 2_000)
  .option("--seconds <n>", "duration of the reports", positiveInteger, 60)
  .option("--trainers <n>", "trainers that report", positiveInteger, 200)
  .option("--studies <n>", "studies of the trials", positiveInteger, 1)
  .option("--json", "print one JSON document")
  .action(async ({ rate, seconds, trainers, studies, json }) => {
    const figures = await measureReports({ ratePerSecond: rate, seconds, trainers, studies });
    print(figures, json, reportsText);
  });

program
  .command("trials")
  .description("idle time between many short trials, and the time until every trainer has work")
  .option("--trials <n>", "trials of the study", positiveInteger, 1_600)
  .option("--trainers <n>", "trainers", positiveInteger, 16)
  .option("--trial-seconds <n>", "duration of a trial", positiveInteger, 1)
  .option("--json", "print one JSON document")
  .action(async ({ trials, trainers, trialSeconds, json }) => {
    print(await measureTrials({ trials, trainers, trialSeconds }), json, trialsText);
  });

program
  .command("recovery")
  .description("start of the coordinator over the log of a large study")
  .option("--trials <n>", "trials of the study", positiveInteger, 10_000)
  .option("--epochs <n>", "epochs of a trial", positiveInteger, 48)
  .option("--parallel <n>", "trials that run at the same time, and whose calls share records", positiveInteger, 16)
  .option("--json", "print one JSON document")
  .action(async ({ trials, epochs, parallel, json }) => {
    print(await measureRecovery({ trials, epochs, parallel }), json, recoveryText);
  });

function print<T>(figures: T, json: true | undefined, text: (figures: T) => string[]): void {
  process.stdout.write(`${json === true ? JSON.stringify(figures, undefined, 2) : text(figures).join("\n")}\n`);
}

function reportsText({ stored, seconds, refused, answer, coordinatorCores }: ReportsFigures): string[] {
  const [median, p99, max] = [answer.p50Ms, answer.p99Ms, answer.maxMs].map((ms) => ms.toFixed(1));
  return [
    `${stored} reports stored in ${seconds.toFixed(1)} s, ${refused} refused`,
    `answers: median ${median} ms, p99 ${p99} ms, max ${max} ms`,
    `processor time of the coordinator: ${coordinatorCores.toFixed(2)} cores`,
  ];
}

function trialsText({ trials, trialSeconds, trainers, ...figures }: TrialsFigures): string[] {
  const { seconds, idealSeconds, idle, pause, allBusySeconds, coordinatorMemoryMb } = figures;
  return [
    `${trials} trials of ${trialSeconds} s on ${trainers} trainers: ${seconds.toFixed(1)} s, ideal ${idealSeconds} s`,
    `idle: ${(100 * idle).toFixed(2)} % of the trainers' time`,
    `pause between two trials: median ${pause.p50Ms.toFixed(0)} ms, p99 ${pause.p99Ms.toFixed(0)} ms`,
    `every trainer had a trial after ${allBusySeconds.toFixed(2)} s`,
    `memory of the coordinator: ${coordinatorMemoryMb} MB`,
  ];
}

function recoveryText({ trials, records, events, bytes, starts }: RecoveryFigures): string[] {
  const log = `${trials} trials, ${events} events in ${records} records, ${(bytes / 1e6).toFixed(0)} MB`;
  return [log, ...starts.map((start, index) => `start ${index + 1}: ${startText(start)}`)];
}

function startText({ seconds, cpuSeconds, memoryMb }: StartFigures): string {
  const [wall, cpu] = [seconds, cpuSeconds].map((duration) => duration.toFixed(1));
  return `ready after ${wall} s, ${cpu} s of processor time, ${memoryMb} MB`;
}

await program.parseAsync();

// Measures the coordinator under load: real nats-server, real coordinator, gRPC over loopback,
// synthetic trainers that train nothing.

import { Command } from "commander";
import { positiveInteger } from "../options/positive-integer.js";
import { type Limit, limitText, verdictOf } from "./control-plane/limits.js";
import { measureRecovery, type RecoveryFigures, type StartFigures } from "./control-plane/recovery.js";
import { measureReports, type ReportsFigures } from "./control-plane/reports.js";
import { type FleetFigures, measureFleet } from "./control-plane/trials/fleet.js";
import { measureTrials, type TrialsFigures } from "./control-plane/trials/trials.js";
import type { Spread } from "./event-loop/loop-delay.js";

const program = new Command("bench:control-plane")
  .description("Measures the coordinator under load, with synthetic trainers; needs nats-server and Linux.")
  .showHelpAfterError();

program
  .command("reports")
  .description("answers to epoch reports at a fixed rate")
  .option("--rate <n>", "epoch reports a second", positiveInteger, 2_000)
  .option("--seconds <n>", "duration of the measured reports", positiveInteger, 60)
  .option("--warm-up-seconds <n>", "duration of the reports before them", positiveInteger, 5)
  .option("--trainers <n>", "trainers that report", positiveInteger, 200)
  .option("--studies <n>", "studies of the trials", positiveInteger, 1)
  .option("--json", "print one JSON document")
  .action(async ({ rate, json, ...load }) => {
    const figures = await measureReports({ ...load, ratePerSecond: rate });
    const p99 = { name: "ms for 99 % of the answers", value: figures.answer.p99Ms, atMost: 50 };
    const refused = { name: "refused reports", value: figures.refused, atMost: 0 };
    const abandoned = { name: "reports not sent in time", value: figures.abandoned, atMost: 0 };
    print(figures, { json, text: reportsText, limits: [p99, refused, abandoned] });
  });

program
  .command("overload")
  .description("epoch reports far above the capacity: every one is stored or refused, and memory stays bounded")
  .option("--rate <n>", "epoch reports a second", positiveInteger, 20_000)
  .option("--seconds <n>", "duration of the measured reports", positiveInteger, 20)
  .option("--warm-up-seconds <n>", "duration of the reports before them", positiveInteger, 1)
  .option("--trainers <n>", "trainers that report", positiveInteger, 1_000)
  .option("--studies <n>", "studies of the trials", positiveInteger, 1)
  .option("--json", "print one JSON document")
  .action(async ({ rate, json, ...load }) => {
    const figures = await measureReports({ ...load, ratePerSecond: rate });
    print(figures, { json, text: reportsText, limits: [memory(figures)] });
  });

program
  .command("trials")
  .description("many short trials: the time beyond the ideal one")
  .option("--trials <n>", "trials of the study", positiveInteger, 10_000)
  .option("--trainers <n>", "trainers", positiveInteger, 16)
  .option("--trial-seconds <n>", "duration of a trial", positiveInteger, 1)
  .option("--oracle <type>", "oracle of the study: random or bayesian", "random")
  .option("--json", "print one JSON document")
  .action(async ({ json, ...load }) => {
    const figures = await measureTrials(load);
    const beyond = (100 * figures.seconds) / figures.idealSeconds - 100;
    const limit = { name: "% beyond the ideal time", value: beyond, atMost: 8 };
    print(figures, { json, text: trialsText, limits: [limit, memory(figures)] });
  });

program
  .command("idle")
  .description("time of the trainers between trials of 10 s")
  .option("--trials <n>", "trials of the study", positiveInteger, 80)
  .option("--trainers <n>", "trainers", positiveInteger, 8)
  .option("--trial-seconds <n>", "duration of a trial", positiveInteger, 10)
  .option("--oracle <type>", "oracle of the study: random or bayesian", "random")
  .option("--json", "print one JSON document")
  .action(async ({ json, ...load }) => {
    const figures = await measureTrials(load);
    const idle = { name: "% idle time between trials", value: 100 * figures.idleBetween, atMost: 1 };
    print(figures, { json, text: trialsText, limits: [idle, memory(figures)] });
  });

program
  .command("fleet")
  .description("the time until each of many trainers has work")
  .option("--trainers <n>", "trainers", positiveInteger, 1_000)
  .option("--json", "print one JSON document")
  .action(async ({ json, trainers }) => {
    const figures = await measureFleet(trainers);
    const busy = { name: "s until every trainer has work", value: figures.allBusySeconds, atMost: 2 };
    print(figures, { json, text: fleetText, limits: [busy, memory(figures)] });
  });

program
  .command("recovery")
  .description("start of the coordinator over the logs of studies: three times, with snapshots from the second on")
  .option("--studies <n>", "equal studies", positiveInteger, 1)
  .option("--over", "the studies have ended")
  .option("--trials <n>", "trials of the study", positiveInteger, 10_000)
  .option("--epochs <n>", "epochs of a trial", positiveInteger, 48)
  .option("--parallel <n>", "trials that run at the same time, and whose calls share records", positiveInteger, 16)
  .option("--json", "print one JSON document")
  .action(async ({ over: isOver = false, json, ...load }) => {
    print(await measureRecovery({ ...load, isOver }), { json, text: recoveryText });
  });

function memory({ coordinatorMemoryMb: value }: { readonly coordinatorMemoryMb: number }): Limit {
  return { name: "MB of the coordinator", value, atMost: 400 };
}

interface Printing<T> {
  readonly json: true | undefined;
  readonly text: (figures: T) => readonly string[];
  readonly limits?: readonly Limit[];
}

/** Prints figures, and whether they keep their limits. */
function print<T extends object>(figures: T, { json, text, limits = [] }: Printing<T>): void {
  const verdict = verdictOf(limits);
  const document = limits.length === 0 ? figures : { ...figures, ...verdict };
  const sheet = (): readonly string[] => [...text(figures), ...verdict.limits.map(limitText)];
  const lines = json === true ? [JSON.stringify(document, undefined, 2)] : sheet();
  process.stdout.write(`${lines.join("\n")}\n`);
}

function reportsText(figures: ReportsFigures): readonly string[] {
  const { stored, storedPerSecond, refused, abandoned, answer, unsent, warmUp, coordinatorCores, coordinatorMemoryMb } =
    figures;
  return [
    `${stored} reports stored, ${storedPerSecond.toFixed(0)} a second`,
    `${refused} refused, ${abandoned} not sent in time`,
    `answers: ${spreadText(answer)}`,
    `of which before the report was sent: ${spreadText(unsent)}`,
    `answers of the warm-up: ${spreadText(warmUp)}`,
    `coordinator: ${coordinatorCores.toFixed(2)} cores, ${coordinatorMemoryMb} MB`,
  ];
}

function spreadText({ p50Ms, p99Ms, maxMs }: Spread): string {
  return `median ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, max ${maxMs.toFixed(1)} ms`;
}

function trialsText({ trials, trialSeconds, trainers, ...figures }: TrialsFigures): readonly string[] {
  const { seconds, idealSeconds, idle, idleBetween, pause, coordinatorMemoryMb } = figures;
  return [
    `${trials} trials of ${trialSeconds} s on ${trainers} trainers: ${seconds.toFixed(1)} s, ideal ${idealSeconds} s`,
    `idle: ${(100 * idle).toFixed(2)} % of the trainers' time, ${(100 * idleBetween).toFixed(2)} % between trials`,
    `pause between two trials: median ${pause.p50Ms.toFixed(0)} ms, p99 ${pause.p99Ms.toFixed(0)} ms`,
    `memory of the coordinator: ${coordinatorMemoryMb} MB`,
  ];
}

function fleetText({ trainers, cpu, coordinatorMemoryMb, ...seconds }: FleetFigures): readonly string[] {
  const { queuedSeconds, leasedSeconds, allBusySeconds } = seconds;
  const text = (duration: number): string => `${duration.toFixed(2)} s`;
  return [
    `the coordinator had queued ${trainers} trials after ${text(queuedSeconds)}`,
    `and granted their leases after ${text(leasedSeconds)}`,
    `every trainer had a trial after ${text(allBusySeconds)}`,
    `processor time: coordinator ${text(cpu.coordinator)}, nats-server ${text(cpu.nats)}`,
    `of the process with all trainers: ${text(cpu.trainers)}`,
    `memory of the coordinator: ${coordinatorMemoryMb} MB`,
  ];
}

function recoveryText({ studies, trials, records, events, bytes, starts }: RecoveryFigures): readonly string[] {
  const size = `${studies} studies of ${trials} trials`;
  const log = `${size}, ${events} events in ${records} records, ${(bytes / 1e6).toFixed(0)} MB`;
  return [log, ...starts.map((start, index) => `start ${index + 1}: ${startText(start)}`)];
}

function startText({ seconds, cpuSeconds, memoryMb }: StartFigures): string {
  const [wall, cpu] = [seconds, cpuSeconds].map((duration) => duration.toFixed(1));
  return `ready after ${wall} s, ${cpu} s of processor time, ${memoryMb} MB`;
}

await program.parseAsync();

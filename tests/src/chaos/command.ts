// npm run chaos: a storm of faults over real processes, with a report.

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ChaosReport, runChaos } from "./chaos.js";
import { describeTimes } from "./figures.js";
import { gapsOfAppends } from "./leaders/appends.js";

const HELP = `Usage: npm run chaos -- [--minutes N] [--seed N] [--cluster] [--keep]
       npm run chaos -- --appends

Runs NATS, two coordinators and six trainers as processes, and a study of a program. Kills, ends,
freezes and cuts off processes, fills disks and changes bytes at random until the storm or the study
is over, waits for the end of the study, and compares it with the same study without faults.

  --minutes N  length of the storm (default: 2); the study has 150 trials for each minute
  --seed N     seed of the faults (default: 1)
  --cluster    three nats-servers as a cluster instead of one
  --keep       keeps the logs, and the faults, events and leaders in storm.json
  --appends    kills the leader of a stream on a cluster five times, and prints how long no record
               was stored
  --help       prints this text

Exit codes: 0 all promises held, 1 a promise was broken (the report says which), 2 wrong arguments.
`;

const TRIALS_PER_MINUTE = 150;
const LEADERS_KILLED = 5;
const APPENDS_MAX_MS = 8_000;

process.exitCode = await main(process.argv.slice(2));

async function main(words: string[]): Promise<number> {
  const options = parse(words);
  if (typeof options === "string") {
    process.stderr.write(`error: ${options}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.appends) return await measureAppends();
  const { minutes, seed, isCluster, isKept } = options;
  const report = await runChaos(
    {
      seed,
      stormMs: minutes * 60_000,
      trials: Math.ceil(minutes * TRIALS_PER_MINUTE),
      natsServers: isCluster ? 3 : 1,
      leaseTtlMs: isCluster ? 20_000 : 15_000,
      isTimed: true,
      isKept,
    },
    (line) => process.stderr.write(`${line}\n`),
  );
  process.stdout.write(describeReport(report));
  return report.problems.length === 0 ? 0 : 1;
}

function parse(words: string[]) {
  try {
    const { values } = parseArgs({
      args: words,
      options: {
        minutes: { type: "string", default: "2" },
        seed: { type: "string", default: "1" },
        cluster: { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
        appends: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
    if (!(minutes > 0 && minutes <= 60)) return `--minutes ${values.minutes} is no number above 0 and up to 60`;
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
      return `--seed ${values.seed} is no integer from 0 to 2^32 - 1`;
    const { cluster: isCluster, keep: isKept, appends, help } = values;
    return { minutes, seed, isCluster, isKept, appends, help };
  } catch (error) {
    return (error as Error).message;
  }
}

/** Returns 0 if records were stored again in the promised time after each loss of the leader. */
async function measureAppends(): Promise<number> {
  const gaps = await gapsOfAppends(LEADERS_KILLED, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`without stored records: ${describeTimes(gaps)}; promised: ${APPENDS_MAX_MS / 1_000} s\n`);
  return gaps.every((ms) => ms <= APPENDS_MAX_MS) ? 0 : 1;
}

/** Describes a report in lines. */
function describeReport(report: ChaosReport): string {
  const { problems, faultCount, leaseCount, unexpectedEnds, leftOut, figures, folder } = report;
  const lines = [
    `faults: ${faultCount}; leases: ${leaseCount}; left out: ${leftOut.join(", ") || "none"}`,
    `trial queued again after kill -9 of its trainer: ${describeTimes(figures.queuedAfterKill)}`,
    `the same beyond the lease time and the time without a leader: ${describeTimes(figures.queuedBeyondBound)}`,
    `next lease after kill -9 of a trainer: ${describeTimes(figures.leaseAfterKill)}`,
    `next leader after kill -9 of the leader: ${describeTimes(figures.takeoverAfterKill)}`,
    `next leader after SIGSTOP of the leader: ${describeTimes(figures.takeoverAfterFreeze)}`,
    `ends without a fault: ${unexpectedEnds.join(", ") || "none"}`,
    ...problems.map((problem) => `problem: ${problem}`),
    problems.length === 0 ? "all promises held" : `${problems.length} problems`,
    ...(existsSync(folder) ? [`logs: ${folder}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

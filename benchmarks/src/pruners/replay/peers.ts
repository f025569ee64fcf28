import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Measurement, type Outcome, ordersOf } from "./measure.js";

const SCRIPT = fileURLToPath(new URL("../../../curves/peers.py", import.meta.url));

/**
 * Replays every study of a measurement under the pruners of Optuna and Ray.
 *
 * @param python - interpreter with optuna and ray[tune]
 * @returns the outcomes of each peer, by its name
 */
export async function replayPeers(
  measurement: Measurement,
  python: string,
): Promise<ReadonlyMap<string, readonly Outcome[]>> {
  const { set, trainers } = measurement;
  const request = {
    trials: set.trials.map(({ objectives, recorded, test }) => ({
      scores: objectives.at(-1),
      seconds: recorded.seconds,
      completes: test !== undefined,
    })),
    studies: ordersOf(measurement),
    trainers,
    maxEpochs: set.maxEpochs,
  };
  const child = spawn(python, ["-W", "ignore", SCRIPT], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(request));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`${SCRIPT} ended with code ${code}`);
  const outcomes = JSON.parse(output) as Record<string, (Omit<Outcome, "chosen"> & { chosen: number | null })[]>;
  return new Map(
    Object.entries(outcomes).map(([peer, studies]) => [
      peer,
      studies.map(({ chosen, ...outcome }) => ({ ...outcome, chosen: chosen ?? undefined })),
    ]),
  );
}

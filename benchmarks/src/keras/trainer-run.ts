import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { EpochTimes, Settings } from "./settings.js";

const PROGRAM = fileURLToPath(new URL("./trainer-process.js", import.meta.url));

/** Trains with several one-thread processes in parallel. They start the timed epochs together. */
export async function trainWithTrainers({ batch, epochs }: Settings, count: number): Promise<EpochTimes[]> {
  const trainers = Array.from({ length: count }, () => fork(PROGRAM, [String(batch), String(epochs)]));
  await Promise.all(trainers.map(nextMessage));
  for (const trainer of trainers) trainer.send("go");
  return Promise.all(trainers.map(nextMessage)) as Promise<EpochTimes[]>;
}

async function nextMessage(trainer: ChildProcess): Promise<unknown> {
  const end = once(trainer, "exit").then(([code]) => Promise.reject(new Error(`a trainer ended with code ${code}`)));
  const [message] = (await Promise.race([once(trainer, "message"), end])) as [unknown];
  return message;
}

// Measures how long a file takes from the command line program to a trainer, and what memory both
// sides need for it. Both are on this machine.

import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashFile } from "@sintonia/cli/study/files/hash";
import { findFile } from "@sintonia/cli/study/files/local-file";
import { uploadFile } from "@sintonia/cli/study/files/upload";
import { FileCache } from "@sintonia/files/cache/file-cache";
import { connectAdminService, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { createLogger } from "@sintonia/runtime/logger";
import { CoordinatorFiles } from "@sintonia/trainer/adapters/grpc/file-origin";
import { Command } from "commander";
import { PeakMemory } from "./files/peak-memory.js";

interface Options {
  readonly megabytes: string;
  readonly json?: true;
}

/** The cost of one step. Memory is the growth above that before the step. */
interface Cost {
  readonly step: string;
  readonly seconds: number;
  readonly ownMb: number;
  readonly coordinatorMb: number;
}

async function measure(megabytes: number): Promise<readonly Cost[]> {
  const folder = await mkdtemp(join(tmpdir(), "sintonia-bench-files-"));
  const server = fork(fileURLToPath(new URL("./files/server.js", import.meta.url)), [join(folder, "store")]);
  const [{ port }] = (await once(server, "message")) as [{ port: number }];
  const admin = connectAdminService(`127.0.0.1:${port}`);
  const trainer = connectTrainerService(`127.0.0.1:${port}`);
  const logger = createLogger({ service: "files", instance: "benchmark", level: "silent" });
  const origin = new CoordinatorFiles(trainer.client);
  const cacheOptions = { folder: join(folder, "cache"), bytesMax: 1e12, origin, logger };
  const cache = new FileCache(cacheOptions);
  const memory = new PeakMemory();
  const costs: Cost[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    memory.take();
    await growthOf(server);
    const began = performance.now();
    const result = await work();
    const seconds = (performance.now() - began) / 1000;
    costs.push({ step: name, seconds, ownMb: memory.take(), coordinatorMb: await growthOf(server) });
    return result;
  };
  const signal = new AbortController().signal;
  const onProgress = () => undefined;
  try {
    await writeRandom(join(folder, "data.bin"), megabytes);
    const local = await findFile(folder, "data.bin");
    const ref = await step("hash", () => hashFile(local, onProgress));
    await step("upload", () => uploadFile(admin.client, { local, ref }, { onProgress }));
    await step("upload of a stored file", () => uploadFile(admin.client, { local, ref }, { onProgress }));
    await step("fetch", () => cache.fetch(ref, signal));
    await step("fetch of a cached file", () => cache.fetch(ref, signal));
    await step("the same after a restart of the trainer", () => new FileCache(cacheOptions).fetch(ref, signal));
    return costs;
  } finally {
    cache.close();
    admin.close();
    trainer.close();
    server.disconnect();
    await rm(folder, { recursive: true });
  }
}

async function growthOf(server: ChildProcess): Promise<number> {
  server.send("memory");
  const [{ growthMb }] = (await once(server, "message")) as [{ growthMb: number }];
  return growthMb;
}

async function writeRandom(path: string, megabytes: number): Promise<void> {
  const handle = await open(path, "w");
  const block = randomBytes(1e6);
  for (let n = 0; n < megabytes; n++) {
    block.writeUInt32LE(n);
    await handle.write(block);
  }
  await handle.close();
}

const command = new Command("bench:files")
  .description("Measures the transfer of a file from the command line program to a trainer, on this machine.")
  .option("--megabytes <N>", "size of the file", "2000")
  .option("--json", "print JSON");
const { megabytes, json } = command.parse().opts<Options>();
const costs = await measure(Number(megabytes));
if (json === true) process.stdout.write(`${JSON.stringify(costs)}\n`);
else process.stdout.write(`a file of ${megabytes} MB; memory in MB above that before the step\n${tableOf(costs)}`);

function tableOf(rows: readonly Cost[]): string {
  const lineOf = ({ step, seconds, ownMb, coordinatorMb }: Cost): string =>
    `${step.padEnd(42)}${seconds.toFixed(2).padStart(7)} s` +
    `   this process ${String(ownMb).padStart(4)}   coordinator ${String(coordinatorMb).padStart(4)}\n`;
  return rows.map(lineOf).join("");
}

// A cluster for the duration of one command. The session finds or installs what the cluster needs,
// and stops every process however the command ends.

import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import type { NamedDataSet } from "@sintonia/tuning/plan/data-set/named-data-set";
import { LocalCluster } from "../../cluster/local-cluster.js";
import type { Display } from "../../display/display.js";
import { duringStep } from "../../display/task.js";
import { findNats, type NatsSource, natsText } from "../../nats/find.js";
import { requireServer } from "../../nats/probe.js";
import { machineSearch } from "../../nats/search.js";
import { shownPath } from "../../system/files/folders.js";
import { type Interruption, listenForInterruption, untilInterrupted } from "../../system/interruption.js";
import { findPackageManager } from "../../system/packages.js";
import { requireSpace } from "../folder/free-space.js";
import type { RunFolder } from "../folder/run-folder.js";
import { discardArchive, writeArchive } from "./archive.js";
import { ensureData } from "./data.js";
import { engineWarning } from "./engine-warning.js";
import { signInLink } from "./page-link.js";
import { runSecurity } from "./running.js";
import type { RunSettings } from "./settings.js";

/** The input of a session. */
export interface SessionInput {
  /** Data sets that the studies need, each once. */
  readonly datasets: readonly NamedDataSet[];
  readonly folder: RunFolder;
  readonly settings: RunSettings;
  readonly display: Display;
  readonly env: NodeJS.ProcessEnv;
}

/** A running cluster and a client of its coordinator. */
export interface ClusterSession {
  readonly cluster: LocalCluster;
  readonly client: AdminServiceClient;
  /** Aborted when a signal interrupts the command, with an InterruptedError as the reason. */
  readonly signal: AbortSignal;
}

/**
 * Starts a cluster, calls `use`, and stops the cluster. Prints a line for each step.
 *
 * @throws {InterruptedError} after Ctrl-C, once every process has ended
 */
export async function withLocalCluster<T>(
  input: SessionInput,
  use: (session: ClusterSession) => Promise<T>,
): Promise<T> {
  const { settings, display } = input;
  let cluster: LocalCluster | undefined;
  const interruption = listenForInterruption("Stopped. The same command continues this run.", () => {
    cluster?.kill();
    process.exit(130);
  });
  const onAbort = (): void => display.print("", "Stopping (Ctrl-C again to stop at once) ...");
  interruption.signal.addEventListener("abort", onAbort);
  try {
    const nats = await untilInterrupted(prepare(input, interruption.signal), interruption.signal);
    const { trainers, services, page } = settings;
    const report = (line: string): void => display.print(line);
    cluster = await LocalCluster.create({ paths: input.folder, nats, trainers, services, page, report });
    return await useCluster(cluster, input, { interruption, use });
  } finally {
    await cluster?.stop();
    interruption.dispose();
  }
}

/** Finds the NATS server and the data sets; installs or downloads what is missing. */
async function prepare(
  { datasets, folder, settings, display, env }: SessionInput,
  signal: AbortSignal,
): Promise<NatsSource> {
  requireSpace(folder.path);
  const warning = settings.trainers === 0 ? undefined : engineWarning(settings.services.engine, env);
  if (warning !== undefined) display.print(warning);
  const report = (line: string): void => display.print(`            ${line}`);
  const packages = settings.installMissing ? findPackageManager(report) : undefined;
  const nats = await findNats(machineSearch(env, packages));
  if (nats.kind === "external") await requireServer(nats.url);
  signal.throwIfAborted();
  display.print(`NATS        ${natsText(nats)}`);
  const { dataDir, cacheDir } = settings.services;
  for (const dataset of datasets) {
    const source = await ensureData(dataset, { dataDir, cacheDir, packages }, display);
    signal.throwIfAborted();
    display.print(`Data        ${dataset.name} from ${source}`);
  }
  return nats;
}

interface ClusterUse<T> {
  readonly interruption: Interruption;
  readonly use: (session: ClusterSession) => Promise<T>;
}

async function useCluster<T>(
  cluster: LocalCluster,
  { folder, settings, display, env }: SessionInput,
  { interruption, use }: ClusterUse<T>,
): Promise<T> {
  const { signal } = interruption;
  discardArchive(folder);
  const trainers = trainersText(settings.trainers);
  const step = { label: "Cluster", detail: `starting NATS, the coordinator and ${trainers}` };
  await duringStep(display, step, () => untilInterrupted(Promise.race([cluster.start(), cluster.failed]), signal));
  folder.write("cluster.json", { coordinator: cluster.address, page: cluster.page, pid: process.pid });
  display.print(`Cluster     coordinator at ${cluster.address}, ${trainers}; logs in ${shownPath(folder.logs)}`);
  if (cluster.page !== undefined) display.print(`Page        ${pageText(cluster.page, folder, display)}`);
  const { client, close } = connectAdminService(cluster.address, runSecurity(folder, cluster.address));
  try {
    return await use({ cluster, client, signal });
  } finally {
    await cluster.stopTrainers();
    await writeArchive(client, folder, Boolean(env["NATS_URL"]));
    close();
  }
}

/** Returns the address of the page. Only a terminal gets the token: a log has other readers. */
function pageText(page: string, folder: RunFolder, { isTerminal }: Display): string {
  return isTerminal ? signInLink(page, folder) : `${page} ("sintonia open --dir ${shownPath(folder.path)}" opens it)`;
}

function trainersText(count: number): string {
  if (count === 0) return "no trainers";
  return count === 1 ? "1 trainer" : `${count} trainers`;
}

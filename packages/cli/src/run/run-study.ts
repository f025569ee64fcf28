// The steps of `sintonia run`. Each is a line for the person; whatever ends the run, the processes end with it.

import { relative, resolve } from "node:path";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { LocalCluster } from "../cluster/local-cluster.js";
import { sleep } from "../cluster/waiting.js";
import { type Interruption, listenForInterruption, untilInterrupted } from "../commands/interruption.js";
import type { Display } from "../display/display.js";
import { findNats, type NatsSource, natsText } from "../nats/find.js";
import { requireServer } from "../nats/probe.js";
import { machineSearch } from "../nats/search.js";
import { followStudy } from "../study/follow.js";
import type { StudyProgress } from "../study/progress.js";
import { type ResultsDocument, resultsDocument } from "../study/results.js";
import { findPackageSystem } from "../system/packages.js";
import { ensureData } from "./data.js";
import type { RunFolder } from "./folder.js";
import { requireSpace, untilFull } from "./free-space.js";
import { fetchModels } from "./models.js";
import type { RunSettings } from "./settings.js";
import { openStudy } from "./study-opening.js";

/** The coordinator is started again within seconds; if not, the cluster says that it gave up. */
const ABSENCE_MAX_MS = 600_000;

export interface RunInput {
  readonly spec: StudySpec;
  readonly folder: RunFolder;
  readonly studyId: string;
  readonly settings: RunSettings;
  readonly display: Display;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs a study to its end on a cluster of its own.
 *
 * @returns its results, which are also in the run folder
 * @throws {InterruptedError} after Ctrl-C, once every process has ended
 */
export async function runStudy(input: RunInput): Promise<ResultsDocument> {
  const { settings, display } = input;
  let cluster: LocalCluster | undefined;
  const interruption = listenForInterruption("Stopped. The same command goes on where this run stopped.", () => {
    cluster?.kill();
    process.exit(130);
  });
  const onAbort = (): void => display.print("", "Stopping (Ctrl-C again to stop at once) ...");
  interruption.signal.addEventListener("abort", onAbort);
  try {
    const nats = await untilInterrupted(prepare(input), interruption.signal);
    const { folder, trainers, services } = { ...input, ...settings };
    cluster = await LocalCluster.create({ folder, nats, trainers, services, report: (line) => display.print(line) });
    return await runOnCluster(cluster, input, interruption);
  } finally {
    await cluster?.stop();
    interruption.dispose();
  }
}

/** Finds the NATS server and the data, installing and fetching what is missing. */
async function prepare({ spec, folder, settings, display, env }: RunInput): Promise<NatsSource> {
  requireSpace(folder.path);
  const report = (line: string): void => display.print(`            ${line}`);
  const packages = settings.installMissing ? findPackageSystem(report) : undefined;
  const nats = await findNats(machineSearch(env, packages));
  if (nats.kind === "external") await requireServer(nats.url);
  display.print(`NATS        ${natsText(nats)}`);
  const { dataDir, cacheDir } = settings.services;
  const place = await ensureData(spec.dataset, { dataDir, cacheDir, packages }, display);
  display.print(`Data        ${spec.dataset.name} from ${place}`);
  return nats;
}

async function runOnCluster(
  cluster: LocalCluster,
  input: RunInput,
  interruption: Interruption,
): Promise<ResultsDocument> {
  const { folder, settings, display } = input;
  const { signal } = interruption;
  await untilInterrupted(Promise.race([cluster.start(), cluster.failed]), signal);
  folder.write("cluster.json", { coordinator: cluster.address, pid: process.pid });
  const trainers = settings.trainers === 1 ? "1 trainer" : `${settings.trainers} trainers`;
  display.print(`Cluster     coordinator at ${cluster.address}, ${trainers}; logs in ${shownPath(folder.logs)}`);
  const { client, close } = connectAdminService(cluster.address);
  try {
    const studyId = await untilInterrupted(openStudy({ ...input, client }), signal);
    const { study, trials } = await followOnCluster({ cluster, client, studyId, input, signal });
    const results = resultsDocument(study, [...trials.values()]);
    if (study.state !== StudyState.FAILED) await fetchModels({ client, study, folder });
    folder.writeResults(results);
    return results;
  } finally {
    close();
  }
}

interface Following {
  readonly cluster: LocalCluster;
  readonly client: AdminServiceClient;
  readonly studyId: string;
  readonly input: RunInput;
  readonly signal: AbortSignal;
}

/** Follows the study to its end, or to the end of something that it needs: a process, or room on the disk. */
async function followOnCluster({ cluster, client, studyId, input, signal }: Following): Promise<StudyProgress> {
  const { folder, display } = input;
  const over = new AbortController();
  const following = followStudy({
    client,
    studyId,
    onChange: (change) => {
      cluster.noteProgress(change);
      display.study(change);
    },
    signal: over.signal,
    absenceMaxMs: ABSENCE_MAX_MS,
    sleep,
    now: () => performance.now(),
  });
  try {
    const full = untilFull(folder.path, over.signal);
    return await untilInterrupted(Promise.race([following, cluster.failed, full]), signal);
  } finally {
    over.abort(new Error("the run has ended"));
  }
}

/** A path as a person would type it. */
export function shownPath(path: string): string {
  const short = relative("", resolve(path));
  return short.startsWith("..") || short === "" ? resolve(path) : short;
}

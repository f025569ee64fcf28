// Wires the coordinator: configuration, adapters, shell. The shutdown closes them in reverse
// order.

import { join } from "node:path";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { isVerbose } from "@sintonia/runtime/config";
import { serverSecurity } from "@sintonia/runtime/grpc/security/server-security";
import { createShutdown, exitWithParent, runMain, type Shutdown, shutdownOnSignals } from "@sintonia/runtime/lifecycle";
import { createLogger, type Logger } from "@sintonia/runtime/logger";
import { createRegistry } from "@sintonia/runtime/metrics/registry";
import { requireNatsLogin } from "@sintonia/runtime/nats/audit/access";
import { type StoreFacts, storeFacts } from "@sintonia/runtime/nats/audit/durability";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { NatsNames } from "@sintonia/runtime/nats/names";
import { ensureStreams, streamNames } from "@sintonia/runtime/nats/topology";
import { requestedText, versionOf } from "@sintonia/runtime/process/service-arguments";
import type { RecordSpan } from "@sintonia/runtime/tracing/span";
import { startTracing } from "@sintonia/runtime/tracing/tracing";
import { FilesystemAuditLog } from "./adapters/filesystem/audit-log.js";
import { availableBytes, makeStateFolder } from "./adapters/filesystem/folder-check.js";
import { InstallationFile } from "./adapters/filesystem/installation-file.js";
import { startCoordinatorServer, type TermServices } from "./adapters/grpc/server.js";
import { KubernetesPodCosts, ownCluster } from "./adapters/kubernetes/pod-costs.js";
import { checkJetStream } from "./adapters/nats/connection-check.js";
import { NatsInstallation } from "./adapters/nats/installation.js";
import { NatsLeadershipStore } from "./adapters/nats/leadership-store.js";
import { NatsStudyLog } from "./adapters/nats/study-log.js";
import { CoordinatorMetrics } from "./adapters/prometheus/coordinator-metrics.js";
import { TaskThread } from "./adapters/threads/task-thread.js";
import { type CoordinatorConfig, readCoordinatorConfig, VARIABLES } from "./config.js";
import { openContent } from "./content.js";
import { addressForOthers, linkSecurity } from "./link.js";
import { serveMetrics } from "./metrics.js";
import { requireSafePage, servePage } from "./page.js";
import { DeletionCosts, type DeletionCostsContext } from "./shell/deletion-costs.js";
import { Health } from "./shell/health/health.js";
import { StateFolder } from "./shell/health/state-folder.js";
import { auditStore } from "./shell/health/store-audit.js";
import { joinInstallation } from "./shell/installation.js";
import { Election } from "./shell/leadership/election.js";
import { Leading } from "./shell/leadership/leading.js";
import type { Coordinator } from "./shell/running/coordinator.js";
import { startTerm, type TermEnd } from "./term.js";
import { holdsCopiedRecord, openTermPorts, termTimes } from "./term-ports.js";

/** Name of the health that tells whether the store keeps what it has acknowledged. */
const DURABILITY = "durable-store";

/** Time limit for pending calls when the process ends. */
const GRPC_GRACE_MS = 2_000;

async function main(): Promise<void> {
  const config = readCoordinatorConfig(process.env);
  const logger = createLogger({ service: "coordinator", instance: config.instance, level: config.logLevel });
  const shutdown = createShutdown({ logger });
  shutdownOnSignals(shutdown);
  if (config.parentWatch === "stdin") exitWithParent(shutdown);
  const version = versionOf(DESCRIPTION);
  const record = await startTracing(
    config,
    { name: "sintonia-coordinator", version, instance: config.instance },
    shutdown,
  );
  await serve(config, logger, shutdown, record);
}

async function serve(
  config: CoordinatorConfig,
  logger: Logger,
  shutdown: Shutdown,
  record: RecordSpan | undefined,
): Promise<void> {
  const { signal } = shutdown;
  const { instance, grpcHost: host, grpcPort: port, healthPort } = config;
  // First of all: a coordinator with open doors must not even connect to the store.
  const security = serverSecurity(config, host, logger);
  const link = linkSecurity(config);
  requireSafePage(config);
  await makeStateFolder(config.stateDir);
  const { nats, names, streams, durable, content } = await openStore(config, logger, shutdown);
  const tasks = new TaskThread();
  shutdown.add("tasks", () => tasks.close());
  const context = { logger, clock: systemClock, timers: systemTimers };
  const health = new Health({ ...context, onChange: () => leading.publish() });
  const stateFolder = new StateFolder(health, content.room);
  const registry = createRegistry({ service: "coordinator", version: versionOf(DESCRIPTION) });
  const meter = new CoordinatorMetrics(registry);
  const openPorts = (end: TermEnd) => openTermPorts({ config, content, nats, names, tasks, meter, logger }, end);
  const terms = { openPorts, times: termTimes(config), timers: systemTimers, stateFolder, meter, logger, record };
  const leading = new Leading<TermServices, Coordinator>(
    { logger, isHealthy: () => health.isServing },
    async (term, rights) => {
      const started = await startTerm({ ...terms, rights, stopping: signal, onFatal }, term);
      tasks.start();
      return started;
    },
  );
  const onFatal = (error: unknown): void => {
    if (!signal.aborted) logger.fatal({ err: error }, "study cannot continue in this process");
    void shutdown.begin("fatal error", 1);
  };

  const audit = new FilesystemAuditLog(join(config.stateDir, "audit"), context);
  shutdown.add("audit", () => audit.close());
  const { standing, services } = leading;
  const server = await startCoordinatorServer(
    { standing, services, logger, audit, record },
    { host, port, healthPort, security, link },
  );
  const election = new Election(
    { ...context, store: new NatsLeadershipStore(nats, names), ttlMs: config.leaderTtlMs, signal, ...leading.handlers },
    { instance, identity: config.leaderIdentity ?? "", address: addressForOthers(config, server.port) },
  );
  leading.follow(election, server);
  server.setHealth(DURABILITY, durable);
  shutdown.add("leadership", () => election.release());
  shutdown.add("term", () => leading.close());
  shutdown.add("grpc", () => server.stop(GRPC_GRACE_MS));
  await servePage(config, { call: server.call, security, logger, shutdown });
  const trainers = () => leading.coordinator()?.trainers();
  if (config.podDeletionCosts) keepDeletionCosts({ trainers, timers: systemTimers, logger, signal });
  const jetStream = { name: "nats", check: () => checkJetStream(nats, streams) };
  const { coordinator, termNumber } = leading;
  const sources = {
    coordinator,
    termNumber,
    health: () => health.parts(),
    isStoreDurable: durable,
    availableBytes: () => availableBytes(config.stateDir),
  };
  await serveMetrics(registry, sources, { address: config.metricsAddress, logger, shutdown });
  health.watch([leading.whileServing(stateFolder), jetStream, leading.studyLogs], signal);
  await Promise.race([election.run(), leading.failed]);
}

/** Connects to NATS, and makes sure of what this process finds there. */
async function openStore(config: CoordinatorConfig, logger: Logger, shutdown: Shutdown) {
  const { signal } = shutdown;
  const nats = await connectNats({
    settings: config,
    name: `coordinator ${config.instance}`,
    role: "coordinator",
    logger,
    signal,
  });
  shutdown.add("nats", () => nats.close());
  requireNatsLogin(nats, config, logger);
  const names = new NatsNames(config.natsPrefix);
  const contentMaxBytes = config.artifacts.kind === "jetstream" ? config.artifactsMaxMib * 2 ** 20 : undefined;
  const { natsReplicas: replicas, natsStartMs: startMs } = config;
  const streams = { names, replicas, contentMaxBytes, startMs, logger, signal };
  await ensureStreams(nats, streams);
  const monitors = config.natsMonitorUrl?.split(",") ?? [];
  const facts = (): Promise<StoreFacts> => storeFacts(nats, streamNames(streams), monitors);
  const durable = await auditStore(facts, { isRequired: config.requireDurable, logger });
  const installation = {
    store: new NatsInstallation(nats, names),
    names: { store: `${config.natsUrl}`, folder: config.stateDir },
    sharesRecord: () => holdsCopiedRecord(config, new NatsStudyLog(nats, names)),
    mayAdopt: config.adoptNats,
    logger,
  };
  await joinInstallation({ ...installation, folder: new InstallationFile(config.stateDir) });
  const content = await openContent({ config, nats, names, installation, logger, signal });
  return { nats, names, streams, durable, content };
}

function keepDeletionCosts(context: Omit<DeletionCostsContext, "pods">): void {
  const pods = new KubernetesPodCosts(ownCluster(process.env));
  new DeletionCosts({ ...context, pods }).start();
}

const DESCRIPTION = {
  program: "coordinator",
  purpose: "Owns the truth about every study: asks the oracle, leases trials to trainers, evaluates the best model.",
  variables: VARIABLES,
  packageUrl: new URL("../package.json", import.meta.url),
};
await runMain("coordinator", main, {
  verbose: isVerbose(process.env, process.argv),
  text: () => requestedText(process.argv.slice(2), DESCRIPTION),
});

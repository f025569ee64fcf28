// Trainers of a cluster whose number an autoscaler sets by a metric of a real Prometheus.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { goPrograms, PROMETHEUS } from "@sintonia/scripts/go/programs";
import { PROGRAMS_MISSING } from "../../monitoring/alert-rules.js";
import { PrometheusServer } from "../../monitoring/prometheus-server.js";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../../support/cli.js";
import { missingForPods, NAMESPACE, PodCluster } from "../pod-cluster.js";

/** Trials of a study, so that two are left when the first three have ended. */
export const TRIALS = 5;
/** Trials of a study that may run at once. */
export const PARALLEL = 3;

/** Returns the specification of a study that takes longer than an autoscaler to act. */
export function specOf(name: string): string {
  return SMALL_SPEC.replace("name: small", `name: ${name}`)
    .replace("maxTrials: 3", `maxTrials: ${TRIALS}, parallelTrials: ${PARALLEL}`)
    .replace("maxEpochs: 2", "maxEpochs: 150");
}

/** Returns why no trainers can be scaled here; false if they can. */
export function missingForScaling(): string | false {
  return missingForPods() || (goPrograms(PROMETHEUS) === undefined && PROGRAMS_MISSING);
}

/** A cluster with the base and the component `idle-first`, and a Prometheus that scrapes it. */
export class ScaledTrainers {
  readonly cluster: PodCluster;
  readonly prometheus: PrometheusServer;

  private constructor(cluster: PodCluster, prometheus: PrometheusServer) {
    this.cluster = cluster;
    this.prometheus = prometheus;
  }

  static async start(): Promise<ScaledTrainers> {
    const cluster = await PodCluster.start();
    try {
      await cluster.makeNamespace();
      await cluster.install(kustomization("idle-first"));
      await cluster.ready("coordinator", 1);
      const prometheus = await PrometheusServer.start({
        programs: goPrograms(PROMETHEUS) ?? "",
        folder: cluster.folder,
        targets: { coordinator: [`${await cluster.podAddress("coordinator")}:9464`] },
        labels: { namespace: NAMESPACE },
      });
      return new ScaledTrainers(cluster, prometheus);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Installs the component of an autoscaler. */
  async scaleBy(component: string, patches: readonly object[] = []): Promise<void> {
    await this.cluster.install({ ...kustomization("idle-first", component), patches });
  }

  /** Creates a study of a specification. */
  async create(specification: string): Promise<void> {
    const file = join(this.cluster.folder, "study.yaml");
    writeFileSync(file, specification);
    await this.cluster.sintonia("create", file);
  }

  /** Waits for the end of a study, and asserts that all its trials are completed. */
  async completed(studyId: string, trials: number): Promise<void> {
    assertAllCompleted(JSON.parse(await this.cluster.sintonia("watch", studyId, "--json")) as Results, trials);
  }

  /** Returns the number of leases that a study has granted. */
  async leasesOf(studyId: string): Promise<number> {
    const document = JSON.parse(await this.cluster.sintonia("events", studyId, "--json"));
    const { events } = document as { readonly events: readonly { readonly type: string }[] };
    return events.filter(({ type }) => type === "lease-granted").length;
  }

  /**
   * Waits until exactly `count` pods of trainers are there.
   *
   * @param check - throws to end the wait
   */
  async until(count: number, check: () => void = () => undefined): Promise<void> {
    await this.cluster.until(`there are not ${count} trainers`, async () => {
      check();
      return (await this.cluster.pods("trainer")).length === count;
    });
  }

  async stop(): Promise<void> {
    await this.prometheus.stop();
    await this.cluster.stop();
  }
}

const kustomization = (...components: string[]): object => ({
  namespace: NAMESPACE,
  resources: ["../k8s/base"],
  components: components.map((name) => `../k8s/components/${name}`),
});

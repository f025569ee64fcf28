// Trainers of a cluster whose number an autoscaler sets by a metric of a real Prometheus.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { goPrograms, PROMETHEUS } from "@sintonia/scripts/go/programs";
import { PROGRAMS_MISSING } from "../../monitoring/alert-rules.js";
import { PrometheusServer } from "../../monitoring/prometheus-server.js";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../../support/cli.js";
import { missingForPods, NAMESPACE, PodCluster } from "../pod-cluster.js";

/** Trials of a short study. */
export const TRIALS = 5;
/** Trials of a study that may run at once. */
export const PARALLEL = 3;

/** Returns the specification of a study whose trials take some seconds. */
export const shortSpec = (name: string): string => specOf(name, TRIALS, 150);

function specOf(name: string, maxTrials: number, maxEpochs: number): string {
  return SMALL_SPEC.replace("name: small", `name: ${name}`)
    .replace("maxTrials: 3", `maxTrials: ${maxTrials}, parallelTrials: ${PARALLEL}`)
    .replace("maxEpochs: 2", `maxEpochs: ${maxEpochs}`);
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

  /**
   * Creates a study whose trials the test ends: on a fast machine, they could end before the
   * autoscaler acts. Waits for their trainers.
   *
   * @param check - throws to end the wait
   */
  async beginLong(check?: () => void): Promise<void> {
    await this.create(specOf("long", PARALLEL, 10_000));
    await this.until(PARALLEL, check);
    await this.cluster.until("a trial waits", async () => (await this.#leasesOf("long")) === PARALLEL);
  }

  /**
   * Ends one trial of that study, and then the others. Waits each time until as many trainers are
   * left as have work, and asserts that no trial has left its trainer.
   *
   * @param least - trainers without work
   * @param check - throws to end the wait
   */
  async endLong(least: number, check?: () => void): Promise<void> {
    await this.cluster.sintonia("cancel", "long", "0");
    await this.until(PARALLEL - 1, check);
    await this.cluster.sintonia("stop", "long");
    await this.until(least, check);
    assert.equal(await this.#leasesOf("long"), PARALLEL);
  }

  async stop(): Promise<void> {
    await this.prometheus.stop();
    await this.cluster.stop();
  }

  async #leasesOf(studyId: string): Promise<number> {
    const document = JSON.parse(await this.cluster.sintonia("events", studyId, "--json"));
    const { events } = document as { readonly events: readonly { readonly type: string }[] };
    return events.filter(({ type }) => type === "lease-granted").length;
  }
}

const kustomization = (...components: string[]): object => ({
  namespace: NAMESPACE,
  resources: ["../k8s/base"],
  components: components.map((name) => `../k8s/components/${name}`),
});

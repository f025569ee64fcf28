// A release of the chart that is upgraded and rolled back in the middle of a study.
// SINTONIA_EARLIER_VERSION names a built checkout of the earlier version; without it, the earlier
// images have the content of this one.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { RebuiltStudy } from "../chaos/log-check.js";
import { missingHelm } from "../deploy/chart/helm.js";
import { Release } from "./cluster/release.js";
import { missingForPods, NAMESPACE, PodCluster } from "./pod-cluster.js";
import { assertNothingLost, PodStudies } from "./pod-studies.js";
import { EARLIER_TAG } from "./stand-in/images.js";

const EARLIER = ["coordinator", "trainers"].flatMap((part) => ["--set", `${part}.image.tag=${EARLIER_TAG}`]);
const WAIT = ["--wait", "--timeout", "5m"];

describe("a study in pods of the chart", { skip: missingHelm() || missingForPods() }, () => {
  let cluster: PodCluster;
  let release: Release;
  let studies: PodStudies;
  let calm: RebuiltStudy;

  before(async () => {
    cluster = await PodCluster.start(process.env["SINTONIA_EARLIER_VERSION"] || undefined);
    studies = new PodStudies(cluster);
    await cluster.makeNamespace();
    const { kubeconfig, folder } = cluster;
    release = new Release({ kubeconfig, namespace: NAMESPACE, folder });
    await release.install(...EARLIER, ...WAIT);
    await studies.create("calm");
    await studies.completed("calm");
    calm = await studies.stop("calm");
    await studies.create("stormy");
    await busy();
  });
  after(() => cluster?.stop());

  const busy = (): Promise<void> => studies.busy("stormy", 2);

  /** Returns the tags of the images of the coordinator and the trainers. */
  async function tags(): Promise<readonly string[]> {
    const pods = [...(await cluster.pods("coordinator")), ...(await cluster.pods("trainer"))];
    return pods.map(({ spec }) => String(spec.containers[0]?.image.split(":")[1]));
  }

  it("goes on after an upgrade to this version", async () => {
    assert.deepEqual(new Set(await tags()), new Set([EARLIER_TAG]));
    await release.upgrade("--reset-values", ...WAIT);
    await cluster.ready("coordinator", 1);
    await cluster.ready("trainer", 2);
    assert.deepEqual(new Set(await tags()), new Set(["0.1.0"]));
    await busy();
  });

  it("goes on after a rollback to the earlier version", async () => {
    await release.rollback(...WAIT);
    await cluster.ready("coordinator", 1);
    await cluster.ready("trainer", 2);
    assert.deepEqual(new Set(await tags()), new Set([EARLIER_TAG]));
    await busy();
  });

  it("has lost nothing: each trial is settled once, and has the values and curves of the study in peace", async () => {
    await studies.completed("stormy");
    assertNothingLost(calm, await studies.stop("stormy"));
  });
});

// A cluster with a real control plane and one node of a real kubelet.

import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@sintonia/cli/system/ports";
import { hasOwnEngine } from "@sintonia/scripts/docker/engine";
import { goPrograms, KUBERNETES } from "@sintonia/scripts/go/programs";
import { ControlPlane } from "../cluster/control-plane.js";
import { missingForPods, PodCluster } from "../pod-cluster.js";
import { missingGroups } from "./control-groups.js";
import { saveImages } from "./images.js";
import { KubeletNode, NODE } from "./kubelet-node.js";
import { PodBridge } from "./pod-bridge.js";

/** Folders for the claims of deploy/k8s/base: NATS and the coordinator have one each. */
const VOLUMES = ["volume-0", "volume-1"] as const;

/** Returns why no kubelet can run here; false if one can. */
export function missingForKubelet(): string | false {
  const missing = missingForPods();
  if (missing !== false) return missing;
  if (!hasOwnEngine()) return "./scripts/test unpacks containerd for root on Debian where no Docker engine answers";
  return missingGroups();
}

/** Starts a cluster, and makes volumes for the claims of deploy/k8s/base. */
export async function startKubeletCluster(): Promise<PodCluster<KubeletNode>> {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-kubelet-"));
  const place = join(folder, "node");
  for (const name of [place, ...VOLUMES.map((volume) => join(folder, volume))]) mkdirSync(name);
  const images = await saveImages(folder);
  const programs = goPrograms(KUBERNETES) ?? "";
  const bridge = PodBridge.create();
  const plane = await ControlPlane.start({ programs, serviceRange: bridge.serviceRange });
  const [port = 0] = await freePorts(1);
  const { api, kubeconfig } = plane;
  const kubelet = join(programs, "kubelet");
  const node = await KubeletNode.start({ api, bridge, folder: place, kubelet, kubeconfig, images, port });
  for (const name of VOLUMES) await api.create("/api/v1/persistentvolumes", volume(name, join(folder, name)));
  return new PodCluster(folder, { network: bridge, plane, nodes: node });
}

/** A folder of the node, which kubelet gives to the group of the pod that uses it. */
function volume(name: string, path: string): object {
  const matchExpressions = [{ key: "kubernetes.io/hostname", operator: "In", values: [NODE] }];
  return {
    metadata: { name },
    spec: {
      capacity: { storage: "10Gi" },
      accessModes: ["ReadWriteOnce"],
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  };
}

// Installations that deploy/k8s and the chart make alike.

import type { Release } from "./helm.js";

/** One installation, written for kustomize and for Helm. */
export interface Installation {
  /** Fields of a kustomization. */
  readonly kustomization: object;
  readonly release: Release;
}

export const INSTALLATIONS: Readonly<Record<string, Installation>> = {
  base: { kustomization: { resources: ["k8s/base"] }, release: {} },
  "overlay laptop": overlay("laptop"),
  "overlay cpu": overlay("cpu"),
  "overlay gpu": overlay("gpu"),
  "overlay gpu with slices": onGpus("gpu-mig", "nvidia.com/mig-1g.10gb"),
  "overlay gpu with several trials on each": {
    kustomization: withComponents(["spread", "gpu-shared"], []).kustomization,
    release: {
      files: ["values-gpu.yaml"],
      set: [
        "trainers.trialsAtOnce=auto",
        "trainers.resources.requests.memory=8Gi",
        "trainers.resources.limits.memory=16Gi",
      ],
    },
  },
  "overlay gpu with GPUs in slices of time": onGpus("gpu-time-sliced", "nvidia.com/gpu.shared"),
  "overlay production": overlay("production"),
  "base with security": withComponents(["security"], ["security.enabled=true"]),
  "base with two coordinators and the object store of NATS": withComponents(
    ["jetstream"],
    ["coordinator.replicas=2", "artifacts.store=jetstream"],
  ),
  "base with monitoring by the operator": withComponents(
    ["monitoring", "monitoring/operator"],
    ["monitoring.enabled=true", "monitoring.operator=true"],
  ),
  "base with network policies": withComponents(["network-policies"], ["networkPolicies.enabled=true"]),
  "base with network policies and a way out": withComponents(
    ["network-policies", "network-policies/https"],
    ["networkPolicies.enabled=true", "networkPolicies.https=true"],
  ),
  "base with network policies and a way in to the page": withComponents(
    ["network-policies", "network-policies/page"],
    ["networkPolicies.enabled=true", "networkPolicies.page=true"],
  ),
  "base with trainers scaled by KEDA": withComponents(["keda"], ["autoscaling.by=keda", "autoscaling.minReplicas=0"]),
  "base with idle trainers removed first": withComponents(
    ["jetstream", "idle-first", "network-policies", "network-policies/api-server"],
    [
      "coordinator.replicas=2",
      "artifacts.store=jetstream",
      "autoscaling.idleFirst=true",
      "networkPolicies.enabled=true",
    ],
  ),
  "base with trainers scaled by Kubernetes": withComponents(["hpa"], ["autoscaling.by=hpa"]),
  "base with trainers in a queue of Kueue": withComponents(["kueue"], ["kueue.queue=trainers"]),
  "base with a prefix": {
    kustomization: {
      namePrefix: "team-",
      namespace: "sintonia",
      resources: ["k8s/base"],
      replacements: [{ path: "k8s/base/addresses.yaml" }],
    },
    release: { set: ["namePrefix=team-"] },
  },
};

function overlay(name: string): Installation {
  return { kustomization: { resources: [`k8s/overlays/${name}`] }, release: { files: [`values-${name}.yaml`] } };
}

/** Trainers that get another resource than a whole GPU. */
function onGpus(component: string, resource: string): Installation {
  const { kustomization } = withComponents(["spread", component], []);
  return { kustomization, release: { files: ["values-gpu.yaml"], set: [`trainers.gpu=${resource}`] } };
}

function withComponents(names: readonly string[], set: readonly string[]): Installation {
  const components = names.map((name) => `k8s/components/${name}`);
  return { kustomization: { namespace: "sintonia", resources: ["k8s/base"], components }, release: { set } };
}

// Settings of containerd and kubelet. Their folders are the usual ones, which belong to the node
// alone: it has mounts of its own.

import type { PodBridge } from "./pod-bridge.js";

/** Where the container engine of a node listens. */
export const ENGINE_SOCKET = "/run/containerd/containerd.sock";

/** The image that holds the namespaces of a pod. */
export const PAUSE_IMAGE = "docker.io/library/sintonia-pause:test";

/**
 * Returns the file config.toml of containerd.
 *
 * @param programs - folder of its plugins for networks
 * @param networks - folder of the settings of networks
 */
export function engineSettings({ programs, networks }: { programs: string; networks: string }): string {
  return `
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  # Within a container, a process may not lower the score of another.
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${programs}"
    conf_dir = "${networks}"
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd-opt"
`;
}

/**
 * Returns the settings of kubelet. Every caller has all rights, as nobody but this machine and its
 * pods reaches it.
 *
 * @param group - control group of all pods
 * @param port - on which the API server asks for logs and connections
 */
export function kubeletSettings(bridge: PodBridge, { group, port }: { group: string; port: number }): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: bridge.gateway,
    port,
    healthzPort: 0,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: "AlwaysAllow" },
    containerRuntimeEndpoint: `unix://${ENGINE_SOCKET}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: group,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    clusterDNS: [bridge.gateway],
    clusterDomain: "cluster.local",
    // The disk of this machine may be nearly full.
    evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%" },
    imageGCHighThresholdPercent: 100,
  };
}

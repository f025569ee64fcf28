// A network of pods whose policies are enforced: kube-proxy leads services to pods, and kube-router
// sets the packet filter. Both run in the namespace of the network, as on a node.

import { join } from "node:path";
import { packetFilterEnvironment } from "@sintonia/scripts/debian/packet-filter";
import { goPrograms, KUBE_ROUTER, KUBERNETES } from "@sintonia/scripts/go/programs";
import { ClusterProcess } from "../cluster/process.js";
import type { PodNetwork } from "../stand-in/network/pod-network.js";

/** A node of the stand-in. All have the same address, so that one controller serves all pods. */
const NODE = "node-a";

/** Returns why no policies can be enforced; false if they can. */
export function missingFilter(): string | false {
  if (goPrograms(KUBE_ROUTER) === undefined) return "./scripts/test builds kube-router where it finds Go; it has not";
  return packetFilterEnvironment() === undefined ? "./scripts/test unpacks iptables for root on Debian" : false;
}

/** The cluster whose policies are enforced. */
interface Surroundings {
  readonly network: PodNetwork;
  readonly kubeconfig: string;
  /** Receives the logs. */
  readonly folder: string;
}

/** A running enforcement of network policies. */
export class FilteredNetwork {
  readonly #processes: readonly ClusterProcess[];

  constructor({ network, kubeconfig, folder }: Surroundings) {
    const pid = network.filter();
    const environment = packetFilterEnvironment() ?? {};
    const run = (name: string, command: readonly string[]): ClusterProcess =>
      new ClusterProcess(["nsenter", `--net=/proc/${pid}/ns/net`, ...command], { name, folder, environment });
    const common = [`--kubeconfig=${kubeconfig}`, `--hostname-override=${NODE}`];
    this.#processes = [
      run("kube-proxy", [join(goPrograms(KUBERNETES) ?? "", "kube-proxy"), ...common, ...PROXY]),
      run("kube-router", [
        join(goPrograms(KUBE_ROUTER) ?? "", "kube-router"),
        ...common,
        ...ROUTER,
        `--service-cluster-ip-range=${network.serviceRange}`,
      ]),
    ];
  }

  /** @throws if a process has ended */
  assertRuns(): void {
    for (const process of this.#processes) process.assertRuns();
  }

  async stop(): Promise<void> {
    for (const process of this.#processes) await process.stop();
  }
}

/** The ports of the namespace are its own. The limits of connections belong to this machine. */
const PROXY = [
  "--proxy-mode=iptables",
  "--conntrack-max-per-core=0",
  "--conntrack-tcp-timeout-established=0s",
  "--conntrack-tcp-timeout-close-wait=0s",
];

/** Options of kube-router that enforce policies and switch off its other tasks. */
const ROUTER = [
  "--run-firewall=true",
  "--run-router=false",
  "--run-service-proxy=false",
  "--run-loadbalancer=false",
  "--enable-cni=false",
  "--health-port=0",
];

// The API of external metrics, which kube-apiserver passes on to a process of this machine.

import type { Kubectl } from "../cluster/kubectl.js";

/**
 * Makes kube-apiserver pass calls of `external.metrics.k8s.io` on to a server of this machine.
 *
 * @param namespace - namespace of the service that stands for the server; there already
 * @param port - port of the server on localhost
 */
export async function passOnExternalMetrics(kubectl: Kubectl, namespace: string, port: number): Promise<void> {
  const place = ["--namespace", namespace, "--external-name", "localhost", "--tcp", String(port)];
  await kubectl.run("create", "service", "externalname", "metrics", ...place);
  await kubectl.apply({
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1beta1.external.metrics.k8s.io" },
    spec: {
      service: { name: "metrics", namespace, port },
      group: "external.metrics.k8s.io",
      version: "v1beta1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      // The certificate is that of localhost, and not of the service.
      insecureSkipTLSVerify: true,
    },
  });
}

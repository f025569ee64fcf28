import type { IContainer } from "kubernetes-models/v1/Container";
import type { ContainerState } from "./container.js";

/** Place and time of a pod. */
export interface PodPlace {
  readonly address: string;
  readonly host: string;
  readonly startedAt: string;
}

/** Returns the status of a pod as kubelet writes it. */
export function podStatus(
  containers: readonly { readonly spec: IContainer; readonly state: ContainerState }[],
  { address, host, startedAt }: PodPlace,
): object {
  const isReady = containers.every(({ state }) => state.isReady);
  const condition = (type: string, status: boolean): object => ({
    type,
    status: status ? "True" : "False",
    lastTransitionTime: new Date().toISOString(),
  });
  return {
    phase: "Running",
    podIP: address,
    podIPs: [{ ip: address }],
    hostIP: host,
    hostIPs: [{ ip: host }],
    startTime: startedAt,
    conditions: [
      condition("PodReadyToStartContainers", true),
      condition("Initialized", true),
      condition("ContainersReady", isReady),
      condition("Ready", isReady),
    ],
    containerStatuses: containers.map(({ spec, state }) => containerStatus(spec, state)),
  };
}

function containerStatus({ name, image }: IContainer, state: ContainerState): object {
  const terminated = { exitCode: state.lastExit ?? 0, reason: state.lastExit === 0 ? "Completed" : "Error" };
  const current = state.runs ? { running: { startedAt: state.startedAt } } : { terminated };
  return {
    name,
    image,
    imageID: `stand-in://${image}`,
    containerID: `stand-in://${name}`,
    ready: state.isReady,
    started: state.hasStarted,
    restartCount: state.restarts,
    state: state.startedAt === undefined ? { waiting: { reason: "ContainerCreating" } } : current,
    lastState: state.lastExit === undefined || !state.runs ? {} : { terminated },
  };
}

// One container of a pod: its process, started again after each end, and its probes.

import { setTimeout as delay } from "node:timers/promises";
import type { IContainer } from "kubernetes-models/v1/Container";
import type { IProbe } from "kubernetes-models/v1/Probe";
import { ContainerProcess, type ContainerSettings } from "./container-process.js";
import { probeOnce } from "./probe.js";

/** First pause before a container starts again, in ms. It doubles, as kubelet's does. */
const BACKOFF_MS = 10_000;
const BACKOFF_MAX_MS = 300_000;

/** The state of a container for the status of its pod. */
export interface ContainerState {
  readonly startedAt: string | undefined;
  readonly hasStarted: boolean;
  readonly isReady: boolean;
  readonly restarts: number;
  /** Exit code of the process that ended last; undefined while the first runs. */
  readonly lastExit: number | undefined;
  readonly runs: boolean;
}

/** A container, from its first start to its end. */
export class Container {
  /** Resolves once the container has ended for good. */
  readonly ended: Promise<void>;
  readonly #spec: IContainer;
  readonly #settings: ContainerSettings;
  readonly #address: string;
  readonly #changed: () => void;
  readonly #stopping = new AbortController();
  #process: ContainerProcess | undefined;
  #state: ContainerState = {
    startedAt: undefined,
    hasStarted: false,
    isReady: false,
    restarts: 0,
    lastExit: undefined,
    runs: false,
  };

  /** @param changed - called after each change of the state */
  constructor(
    spec: IContainer,
    { settings, address, changed }: { settings: ContainerSettings; address: string; changed: () => void },
  ) {
    this.#spec = spec;
    this.#settings = settings;
    this.#address = address;
    this.#changed = changed;
    this.ended = this.#run();
  }

  get state(): ContainerState {
    return this.#state;
  }

  /** Asks the container to end, and ends it by force after the time of grace. */
  async stop(graceSeconds: number): Promise<void> {
    this.#stopping.abort();
    this.#set({ isReady: false });
    this.#process?.signal("SIGTERM");
    const isLate = new AbortController();
    const force = delay(graceSeconds * 1_000, undefined, { signal: isLate.signal }).then(
      () => this.#process?.signal("SIGKILL"),
      () => undefined, // Ignored: the container has ended in time.
    );
    await this.ended;
    isLate.abort();
    await force;
  }

  /** Ends the process at once. Kubernetes then starts the container again. */
  kill(): void {
    this.#process?.signal("SIGKILL");
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let pauseMs = 0; !signal.aborted; pauseMs = Math.min(Math.max(BACKOFF_MS, pauseMs * 2), BACKOFF_MAX_MS)) {
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const ended = new AbortController();
      this.#process = new ContainerProcess(this.#settings);
      const hasStarted = this.#spec.startupProbe === undefined;
      const isReady = hasStarted && this.#spec.readinessProbe === undefined;
      this.#set({ startedAt: new Date().toISOString(), hasStarted, isReady, runs: true });
      const probes = this.#probe(ended.signal);
      const lastExit = await this.#process.ended;
      ended.abort();
      await probes;
      const restarts = signal.aborted ? this.#state.restarts : this.#state.restarts + 1;
      this.#set({ hasStarted: false, isReady: false, runs: false, lastExit, restarts });
    }
  }

  /** Probes the process until its end. */
  async #probe(ended: AbortSignal): Promise<void> {
    const { startupProbe, readinessProbe, livenessProbe } = this.#spec;
    if (startupProbe && !(await this.#starts(startupProbe, ended))) return;
    this.#set({ hasStarted: true, isReady: readinessProbe === undefined && !this.#stopping.signal.aborted });
    await Promise.all([
      readinessProbe &&
        this.#repeat(readinessProbe, ended, { passes: () => this.#ready(true), fails: () => this.#ready(false) }),
      livenessProbe && this.#repeat(livenessProbe, ended, { passes: () => undefined, fails: () => this.kill() }),
    ]);
  }

  /** Returns true once the probe of the start succeeds. Ends a process that takes too long. */
  async #starts(probe: IProbe, ended: AbortSignal): Promise<boolean> {
    for (let failures = 0; !ended.aborted; failures += 1) {
      if (await probeOnce(probe, this.#spec, this.#address)) return !ended.aborted;
      if (failures >= (probe.failureThreshold ?? 3)) this.kill();
      await pause(probe, ended);
    }
    return false;
  }

  async #repeat(
    probe: IProbe,
    ended: AbortSignal,
    { passes, fails }: { passes(): void; fails(): void },
  ): Promise<void> {
    for (let failures = 0; !ended.aborted; await pause(probe, ended)) {
      failures = (await probeOnce(probe, this.#spec, this.#address)) ? 0 : failures + 1;
      if (ended.aborted) return;
      if (failures === 0) passes();
      if (failures === (probe.failureThreshold ?? 3)) fails();
    }
  }

  #ready(isReady: boolean): void {
    this.#set({ isReady: isReady && !this.#stopping.signal.aborted });
  }

  #set(changes: Partial<ContainerState>): void {
    const next = { ...this.#state, ...changes };
    const isSame = JSON.stringify(next) === JSON.stringify(this.#state);
    this.#state = next;
    if (!isSame) this.#changed();
  }
}

async function pause({ periodSeconds = 10 }: IProbe, signal: AbortSignal): Promise<void> {
  await delay(periodSeconds * 1_000, undefined, { signal }).catch(() => undefined);
}

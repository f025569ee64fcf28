import type { Lease } from "@sintonia/protocol/lease";
import type { TrainingInput } from "../../ports/training-process.js";
import type { LocalFiles, LocalTraining } from "../process/fetched-training.js";

/** The readiness of the network process. `dead`: it died while a program ran. */
type NetworkState = "starting" | "ready" | "dead";

const REFUSAL = "This trainer runs no programs: its SINTONIA_ALLOW_PROGRAMS is not true.";

/**
 * A training process that gives each trial to the process of its kind, by its plan: a network to an
 * engine, a program to the runner of programs.
 */
export class ChosenTraining implements LocalTraining {
  readonly #network: LocalTraining;
  readonly #program: LocalTraining | undefined;
  #emit: (event: TrainingInput) => void = () => {};
  #active: LocalTraining;
  #networkState: NetworkState = "starting";
  /** Begins the trial that waits for the network process. */
  #waiting: (() => void) | undefined;

  /** @param program - undefined if this trainer may not run programs */
  constructor(network: LocalTraining, program: LocalTraining | undefined) {
    this.#network = network;
    this.#program = program;
    this.#active = network;
  }

  start(emit: (event: TrainingInput) => void): void {
    this.#emit = emit;
    this.#active = this.#network;
    this.#waiting = undefined;
    this.#program?.start((event) => this.#receive(this.#program, event));
    this.#startNetwork();
  }

  train(lease: Lease, files: LocalFiles, checkpoint?: Uint8Array): void {
    if (!isProgram(lease.planJson)) this.#trainNetwork(() => this.#network.train(lease, files, checkpoint));
    else if (this.#program === undefined) this.#refuse();
    else {
      this.#active = this.#program;
      this.#program.train(lease, files, checkpoint);
    }
  }

  resume(): void {
    this.#active.resume();
  }

  save(): void {
    this.#active.save();
  }

  stop(): void {
    // A network process that is about to be ready ends the trial by that.
    if (this.#waiting === undefined) this.#active.stop();
    this.#waiting = undefined;
  }

  async close(): Promise<void> {
    this.#emit = () => {};
    await Promise.all([this.#network.close(), this.#program?.close()]);
  }

  #startNetwork(): void {
    this.#networkState = "starting";
    this.#network.start((event) => this.#receive(this.#network, event));
  }

  #trainNetwork(train: () => void): void {
    this.#active = this.#network;
    if (this.#networkState === "ready") train();
    else {
      this.#waiting = train;
      if (this.#networkState === "dead") this.#startNetwork();
    }
  }

  #refuse(): void {
    const failure = { kind: "trainer", message: REFUSAL } as const;
    queueMicrotask(() => this.#emit({ type: "training-failed", failure }));
  }

  #receive(from: LocalTraining | undefined, event: TrainingInput): void {
    if (from === this.#network) this.#noteNetwork(event);
    const waiting = this.#waiting;
    if (waiting !== undefined && event.type === "engine-ready" && from === this.#network) {
      this.#waiting = undefined;
      waiting();
    } else if (from === this.#active) this.#emit(event);
  }

  #noteNetwork({ type }: TrainingInput): void {
    if (type === "engine-ready") this.#networkState = "ready";
    if (type === "child-died" || type === "engine-failed") {
      this.#networkState = "dead";
      this.#waiting = undefined;
    }
  }
}

/** Tells whether a plan is that of a program. The training process reads the rest of the plan. */
function isProgram(planJson: string): boolean {
  try {
    return "program" in JSON.parse(planJson);
  } catch {
    return false;
  }
}

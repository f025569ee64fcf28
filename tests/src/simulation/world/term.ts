import type { SimulatedProcess } from "./process.js";

/** A term of a simulated process. */
export interface SimulatedTerm {
  readonly process: SimulatedProcess;
  /** Unique among all terms of a run. */
  readonly name: string;
  /** Number of times that the term has read a study's log. */
  readings: number;
}

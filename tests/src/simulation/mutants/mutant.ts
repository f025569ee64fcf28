/** A deliberate bug. */
export interface Mutant {
  readonly name: string;
  /** What the product does wrong, in one line. */
  readonly bug: string;
  /** Compiled file, from the folder of its workspace on. */
  readonly file: string;
  /** Text that stands in the file exactly once, and its replacement. */
  readonly from: string;
  readonly to: string;
  /** Seeds from 1 on within which the simulation finds the bug. */
  readonly seeds: number;
}

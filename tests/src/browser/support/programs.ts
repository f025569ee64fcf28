// Studies of a program that reports epochs at a given pace.

/** A study of trials that take some time. */
interface PacedStudy {
  readonly trials: number;
  /** Further limits of the search. @default none */
  readonly limits?: object;
  /** The objectives and limits on outcomes. @default score alone */
  readonly aims?: object;
  readonly epochs: number;
  /** Time between two reports, in milliseconds. */
  readonly epochMs: number;
}

/**
 * Reports a rising score, whose limit depends on x, with a cost and a size, which rise with x.
 * Arguments: x, epochs, time between them.
 */
const PROGRAM = `
const [x, epochs, epochMs] = process.argv.slice(1).map(Number);
let epoch = 0;
const next = () => {
  if (epoch >= epochs) process.exit(0);
  const metrics = { score: 1 - (x - 0.3) ** 2 - 1 / (2 + epoch), cost: 1 + 9 * x, size: 100 * x };
  require("node:fs").writeSync(3, JSON.stringify({ metrics, epoch }) + "\\n");
  epoch += 1;
  setTimeout(next, epochMs);
};
next();
`;

/** Returns the spec of a study. */
export function pacedSpec(name: string, { trials, limits, aims, epochs, epochMs }: PacedStudy): string {
  return JSON.stringify({
    name,
    program: { command: [process.execPath, "-e", PROGRAM, "${x}", `${epochs}`, `${epochMs}`] },
    ...(aims ?? { objective: { metric: "score", goal: "maximize" } }),
    budget: { maxTrials: trials, ...limits },
    seed: 3,
    parameters: { x: { type: "double", min: 0, max: 1 }, y: { type: "categorical", values: ["a", "b"] } },
  });
}

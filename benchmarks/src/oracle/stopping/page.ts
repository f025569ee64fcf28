// docs/oracle/stopping.md: where the limits of improvement end searches of known functions.

import { quantile } from "../statistics.js";
import { endOf, type LimitName, type Prospect } from "./searches.js";

/** The searches of one function. */
export interface Searches {
  readonly function: string;
  readonly courses: readonly (readonly Prospect[])[];
}

const LIMIT_NAMES: readonly LimitName[] = ["minImprovement", "maxGap"];
/** Values of the limits. Branin's function ranges over 308, Hartmann's over 3.9 and 3.3. */
const VALUES = [0.1, 0.01];
/** Outlooks in a row that end a search. A study waits for eight. */
const RUNS = [1, 4, 8, 12];

/** Settings that the page states. */
export interface Settings {
  readonly seeds: number;
  readonly trials: number;
}

/** Returns the text of the page. */
export function stoppingPage(all: readonly Searches[], { seeds, trials }: Settings): string {
  const rows = all.flatMap(({ function: name, courses }) =>
    LIMIT_NAMES.flatMap((limit) =>
      VALUES.flatMap((value) => RUNS.map((run) => row(name, courses, { limit, value, run }))),
    ),
  );
  return `# Where limits of improvement end a search

\`budget.minImprovement\` and \`budget.maxGap\` end a search after several outlooks in a row below the limit
([decision 0030](../decisions/0030-budgets-of-a-study.md)). This page shows the ends for other numbers in a row, on
three functions with a known minimum at a random place: ${seeds} searches of each function, sequential, without noise,
of ${trials} trials. The first outlook comes after 20 completed trials.

- **ended**: searches of all ${seeds} that the limit ended within ${trials} trials.
- **trials**: completed trials at the end, median.
- **too early**: ended searches whose chosen trial is farther from the minimum than the limit.
- **largest regret**: distance of the chosen trial from the minimum, the largest of the ended searches.

A study waits for eight in a row.

Command: \`npm run -s bench:oracle:stopping\`.

| function | limit | in a row | ended | trials | too early | largest regret |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

Too early in all: ${RUNS.map((run) => `${tooEarlyIn(all, run)} with ${run} in a row`).join(", ")}.
`;
}

type Rule = Parameters<typeof endOf>[1];

function row(name: string, courses: Searches["courses"], rule: Rule): string {
  const ends = endsOf(courses, rule);
  const early = tooEarly(ends, rule);
  const median =
    ends.length === 0
      ? ""
      : String(
          quantile(
            ends.map(({ trials }) => trials),
            0.5,
          ),
        );
  const largest = ends.length === 0 ? "" : Math.max(...ends.map(({ regret }) => regret)).toPrecision(2);
  const mark = rule.run === 8 ? "**8**" : String(rule.run);
  return `| ${name} | ${rule.limit} ${rule.value} | ${mark} | ${ends.length} | ${median} | ${early} | ${largest} |`;
}

function endsOf(courses: Searches["courses"], rule: Rule): Prospect[] {
  return courses.flatMap((course) => endOf(course, rule) ?? []);
}

function tooEarly(ends: readonly Prospect[], { value }: Rule): number {
  return ends.filter(({ regret }) => regret > value).length;
}

function tooEarlyIn(all: readonly Searches[], run: number): string {
  const counts = all.flatMap(({ courses }) =>
    LIMIT_NAMES.flatMap((limit) =>
      VALUES.map((value) => {
        const rule = { limit, value, run };
        const ends = endsOf(courses, rule);
        return { early: tooEarly(ends, rule), ended: ends.length };
      }),
    ),
  );
  const sum = (key: "early" | "ended") => counts.reduce((total, count) => total + count[key], 0);
  return `${sum("early")} of ${sum("ended")}`;
}

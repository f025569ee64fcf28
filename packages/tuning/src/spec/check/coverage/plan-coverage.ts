// The check of plans over a whole region. A region of few points is checked at every point. In a
// larger one, each group of parameters that a plan's rules combine is checked at the
// representatives of its values, and a finding counts if an allowed point has it.

import { isInRegion, type Region } from "../../../space/constraint/region.js";
import type { Parameter, ParameterValues } from "../../../space/parameter.js";
import { everyValue, pointsOf, spaceSize } from "../../../space/sampling/enumeration.js";
import { type Finding, formatPath } from "../../../validation/problems.js";
import { explainForeign, explainMissing, missingFindings } from "../../template/missing-values.js";
import { type CheckedTemplate, planFindings } from "../../template/plan-findings.js";
import { parameterGroups } from "./groups.js";
import { RegionSearch } from "./region-search.js";
import { decidingParameters, representativesOf } from "./representatives.js";
import { type ScreeningPoint, screeningPoints } from "./screening-points.js";
import { type Suspicion, witnesses } from "./witness.js";

/** Largest number of points of a space that are checked one by one. */
const POINTS_MAX = 1_000;

/**
 * Limit of the work: points times values of the template. A point takes about 3 µs for each value
 * of the template, so that the check takes about a second. Points beyond the limit are not checked;
 * a trial whose values give no plan is then infeasible.
 */
const WORK_MAX = 300_000;

/** Number of findings from which no further points are checked: a person reads no more. */
const FINDINGS_ENOUGH = 100;

/** Searches for allowed points that a check makes. Together they take two seconds at most. */
const SEARCHES_MAX = 100;

/** Suspicions of the same finding for which an allowed point is searched. */
const SUSPICIONS_MAX = 16;

/**
 * Returns the findings of the plans of a region's points. The same finding may occur several times.
 *
 * @param isKnown - tells whether a finding is at a place that has a finding already
 */
export function coverageFindings(
  template: CheckedTemplate,
  region: Region,
  isKnown: (finding: Finding) => boolean,
): Finding[] {
  const check = new CoverageCheck(template, region, isKnown);
  if (spaceSize(region.space) <= POINTS_MAX) check.everyPoint();
  else check.representatives();
  return check.findings;
}

class CoverageCheck {
  readonly findings: Finding[] = [];
  readonly #template: CheckedTemplate;
  readonly #region: Region;
  readonly #isKnown: (finding: Finding) => boolean;
  readonly #found = new Set<string>();
  readonly #suspicions = new Map<string, Suspicion[]>();
  #pointsLeft: number;

  constructor(template: CheckedTemplate, region: Region, isKnown: (finding: Finding) => boolean) {
    this.#template = template;
    this.#region = region;
    this.#isKnown = isKnown;
    this.#pointsLeft = Math.ceil(WORK_MAX / sizeOf(template));
  }

  everyPoint(): void {
    const { space } = this.#region;
    for (const values of pointsOf(this.#region, everyValue(space))) {
      if (this.#isDone()) return;
      this.#note(this.#findingsAt(values));
    }
  }

  representatives(): void {
    const { space } = this.#region;
    const deciding = decidingParameters(space, this.#template);
    const representatives = (name: string) => representativesOf(space[name] as Parameter, deciding.get(name));
    for (const point of screeningPoints(space, parameterGroups(space, this.#template), representatives)) {
      if (this.#isDone()) break;
      const findings = this.#findingsAt(point.values);
      if (isInRegion(this.#region, point.values)) this.#note(findings);
      else this.#suspect(point, findings);
    }
    this.#settleSuspicions(deciding);
  }

  /** Returns the findings of the plan at a point; missing values if the plan has none. */
  #findingsAt(values: ParameterValues): Finding[] {
    this.#pointsLeft -= 1;
    const { space } = this.#region;
    const findings = planFindings(this.#template, values).filter((finding) => !this.#isKnown(finding));
    return findings.length > 0
      ? explainForeign(explainMissing(findings, space, values), this.#template, values)
      : missingFindings(this.#template, space, values).filter((finding) => !this.#isKnown(finding));
  }

  #isDone(): boolean {
    return this.findings.length >= FINDINGS_ENOUGH || this.#pointsLeft <= 0;
  }

  #note(findings: readonly Finding[]): void {
    for (const finding of findings) this.#found.add(keyOf(finding));
    this.findings.push(...findings);
  }

  #suspect(point: ScreeningPoint, findings: readonly Finding[]): void {
    for (const finding of findings) {
      const same = this.#suspicions.get(keyOf(finding)) ?? [];
      if (same.length < SUSPICIONS_MAX) this.#suspicions.set(keyOf(finding), [...same, { point, finding }]);
    }
  }

  /** Searches an allowed point for each finding that only forbidden points have. */
  #settleSuspicions(deciding: ReadonlyMap<string, unknown>): void {
    const open = [...this.#suspicions].filter(([key]) => !this.#found.has(key));
    for (const [key, suspicions] of open) {
      const search = new RegionSearch(Math.ceil(SEARCHES_MAX / open.length));
      for (const suspicion of suspicions) {
        if (this.#found.has(key)) break;
        this.#searchWitness(key, witnesses(search, this.#region, { suspicion, deciding }));
      }
    }
  }

  /** Notes the findings of allowed points, up to the first one that has the finding of a key. */
  #searchWitness(key: string, points: Iterable<ParameterValues>): void {
    for (const values of points) {
      this.#note(this.#findingsAt(values));
      if (this.#found.has(key)) return;
    }
  }
}

function keyOf({ path, expected }: Finding): string {
  return `${formatPath(path)}\n${expected}`;
}

/** Returns the number of values of a template, at least 1. */
function sizeOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((size, inner) => size + sizeOf(inner), 1);
}

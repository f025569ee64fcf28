// Colours have roles. A style sheet gives the roles their colours in the page
// (src/style/chart.css), and `palette.ts` in exported files.

/** Roles of text, lines and areas that carry no figure. */
export const FRAME_ROLES = ["surface", "ink", "muted", "grid", "axis", "faint"] as const;

/** Roles of marks that carry figures. */
export const MARK_ROLES = [
  "completed",
  "running",
  "pruned",
  "failed",
  "infeasible",
  "cancelled",
  "queued",
  "other",
  "best",
  "model",
] as const;

/** Colours that tell series apart, most different ones first. */
export const SERIES_ROLES = ["series-0", "series-1", "series-2", "series-3", "series-4", "series-5"] as const;

/** Colours of marks from the worst to the best objective. */
export const RAMP_ROLES = ["ramp-0", "ramp-1", "ramp-2", "ramp-3", "ramp-4", "ramp-5", "ramp-6", "ramp-7"] as const;

/** Colours of areas behind marks, from the worst to the best objective. */
export const FIELD_ROLES = [
  "field-0",
  "field-1",
  "field-2",
  "field-3",
  "field-4",
  "field-5",
  "field-6",
  "field-7",
] as const;

/** Every role. */
export const ROLES = [...FRAME_ROLES, ...MARK_ROLES, ...SERIES_ROLES, ...RAMP_ROLES, ...FIELD_ROLES] as const;

/** Meaning of a colour. */
export type Role = (typeof ROLES)[number];

/** Returns the role of a series by its number; numbers beyond the last colour begin again. */
export function seriesRole(index: number): Role {
  return SERIES_ROLES[index % SERIES_ROLES.length] ?? "series-0";
}

/** Returns the role of a mark by its rank: 0 is the worst objective, 1 the best one. */
export function rampRole(rank: number): Role {
  return RAMP_ROLES[rampStep(rank)] ?? "ramp-0";
}

/** Returns the number of the colour for a rank in [0, 1]. */
export function rampStep(rank: number): number {
  return Math.min(RAMP_ROLES.length - 1, Math.max(0, Math.floor(rank * RAMP_ROLES.length)));
}

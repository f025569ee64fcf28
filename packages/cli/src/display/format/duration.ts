/** Formats seconds as KerasTuner does: `00h 02m 37s`, with leading days from 24 hours on. */
export function kerasDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const days = Math.floor(whole / 86_400);
  const [h, m, s] = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60].map(twoDigits);
  return `${days > 0 ? `${days}d ` : ""}${h}h ${m}m ${s}s`;
}

/** Formats seconds without leading zero units: `8 s`, `2m 37s`, `1h 02m`. */
export function shortDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${twoDigits(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${twoDigits(Math.floor(whole / 60) % 60)}m`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

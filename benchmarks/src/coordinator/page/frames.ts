/// <reference lib="dom" />
import type { Page } from "playwright-core";

/** The frames that a page has drawn. */
export interface FrameFigures {
  readonly seconds: number;
  readonly frames: number;
  /** Longest time between two frames, in milliseconds. */
  readonly longestMs: number;
  /** Time between frames that 99 % do not exceed, in milliseconds. */
  readonly p99Ms: number;
}

/** Measures the frames of a page. */
export async function measureFrames(page: Page, seconds: number): Promise<FrameFigures> {
  const gaps = await page.evaluate(
    (durationMs) =>
      new Promise<number[]>((resolve) => {
        const measured: number[] = [];
        const startMs = performance.now();
        let lastMs = startMs;
        const onFrame = (): void => {
          const nowMs = performance.now();
          measured.push(nowMs - lastMs);
          lastMs = nowMs;
          if (nowMs - startMs >= durationMs) resolve(measured);
          else requestAnimationFrame(onFrame);
        };
        requestAnimationFrame(onFrame);
      }),
    1_000 * seconds,
  );
  const sorted = gaps.toSorted((a, b) => a - b);
  const p99Ms = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
  return { seconds, frames: gaps.length, longestMs: sorted.at(-1) ?? 0, p99Ms };
}

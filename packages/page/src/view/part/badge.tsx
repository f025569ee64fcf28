import { useTexts } from "./context.js";

/** Shape of each state, so that no state is told by its colour alone. */
const SHAPES: Readonly<Record<string, string>> = {
  active: "▶",
  running: "▶",
  leased: "▷",
  finalizing: "◆",
  completed: "●",
  queued: "○",
  failed: "✕",
  infeasible: "▲",
  cancelled: "⊘",
  stopped: "■",
  stopping: "◧",
  paused: "‖",
  pruned: "◐",
};

/** The state of a study, a trial or a trainer: shape, colour and name. */
export function Badge({ state }: { state: string }) {
  return (
    <span class={`badge state-${state}`}>
      <span class="shape" aria-hidden="true">
        {SHAPES[state] ?? "◇"}
      </span>
      {useTexts().state[state] ?? state}
    </span>
  );
}

/** A bar of progress with its text. */
export function Progress({ value, max, text }: { value: number; max: number; text: string }) {
  return (
    <span class="progress">
      <progress value={Math.min(value, max)} max={Math.max(max, 1)} aria-label={text} />
      <span>{text}</span>
    </span>
  );
}

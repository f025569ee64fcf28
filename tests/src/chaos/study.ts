/** Environment variable by which the program's processes are found after the end. */
export const MARK = "CHAOS_FOLDER";

/**
 * Four epochs of arithmetic whose result depends on the values and the seed alone. Each epoch
 * builds on the checkpoint of the epoch before, so a wrong resume changes the result.
 */
const TRAIN = `
epoch=0; state=7
[ -f "$SINTONIA_CHECKPOINT_DIR/state" ] && read epoch state < "$SINTONIA_CHECKPOINT_DIR/state"
while [ $epoch -lt 4 ]; do
  sleep $PAUSE
  state=$(( (state * 1103 + $1 + SINTONIA_SEED % 100003 + epoch) % 1000003 ))
  echo "$((epoch + 1)) $state" > "$SINTONIA_CHECKPOINT_DIR/state"
  echo "{\\"metrics\\":{\\"score\\":$state},\\"epoch\\":$epoch,\\"checkpoint\\":true}" >&3
  read answer <&4 || exit 75
  case $answer in *stop*) exit 0 ;; esac
  epoch=$((epoch + 1))
done
echo $state > "$SINTONIA_ARTIFACT_DIR/score"
`;

/** Reports what the best trial left. */
const TEST = `
read score < "$SINTONIA_ARTIFACT_DIR/score"
sleep $PAUSE
echo "{\\"metrics\\":{\\"found\\":$score}}" >&3
`;

/** What a study of a storm is made of. */
export interface StudySettings {
  readonly trials: number;
  /** Pause in each epoch, on which no result depends. */
  readonly pauseMs: number;
  /** Value of MARK. */
  readonly mark: string;
}

/**
 * Returns the spec of a study of a program. The oracle's values depend on the number of the trial
 * alone. The limit of attempts is so high that lost ones fail no trial.
 */
export function specOf({ trials, pauseMs, mark }: StudySettings): string {
  return JSON.stringify({
    name: "chaos",
    program: {
      command: ["sh", "-c", TRAIN, "trial", `\${x}`],
      test: { command: ["sh", "-c", TEST] },
      environment: { PAUSE: String(pauseMs / 1_000), [MARK]: mark },
    },
    objective: { metric: "score", goal: "maximize" },
    budget: { maxTrials: trials, maxAttemptsPerTrial: 100 },
    selection: { rule: "observed" },
    oracle: { type: "random" },
    seed: 14,
    parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
  });
}

import type { LiveTrainer, TrainedTrial } from "@sintonia/proto/sintonia/v1/admin";
import { instantText } from "../format/instant.js";
import { type Layout, PLAIN_LAYOUT } from "../format/layout.js";
import { tableLines } from "../format/table.js";
import { wrapped } from "../format/text.js";

/** Returns a table with a line for each trainer, or a sentence if there is none. */
export function trainerTable(trainers: readonly LiveTrainer[], layout: Layout = PLAIN_LAYOUT): string[] {
  if (trainers.length === 0) return wrapped("No trainer calls the coordinator.", layout.columns);
  const rows = trainers.map(({ id, engine, trials, since, lastSeen }) => [
    id,
    engine || "-",
    trials.map(trialText).join(", ") || "-",
    since === undefined ? "-" : instantText(since),
    lastSeen === undefined ? "-" : instantText(lastSeen),
  ]);
  const columns = [
    { title: "TRAINER", cutTo: 16 },
    { title: "ENGINE", leftOut: 2 },
    { title: "TRAINS" },
    { title: "SINCE", leftOut: 1 },
    { title: "LAST SEEN", leftOut: 3 },
  ];
  return tableLines(columns, rows, layout);
}

function trialText({ studyId, trialId, epoch }: TrainedTrial): string {
  return `${studyId} ${trialId}${epoch === undefined ? "" : `, epoch ${epoch}`}`;
}

/** Returns a line for each study that has set a trainer aside. */
export function setAsideByLines(trainers: readonly LiveTrainer[], layout: Layout = PLAIN_LAYOUT): string[] {
  return trainers.flatMap(({ id, setAsideBy }) =>
    setAsideBy.flatMap(({ studyId, reason }) => [
      "",
      ...wrapped(`Study ${studyId} has set ${id} aside. ${reason}`, layout.columns),
    ]),
  );
}

import type { LiveTrainer, TrainedTrial } from "@sintonia/proto/sintonia/v1/admin";
import { instantText } from "../format/instant.js";
import { type Layout, PLAIN_LAYOUT } from "../format/layout.js";
import { tableLines } from "../format/table.js";
import { wrapped } from "../format/text.js";

/** Returns a table with a line for each trainer, or a sentence if there is none. */
export function trainerTable(trainers: readonly LiveTrainer[], layout: Layout = PLAIN_LAYOUT): string[] {
  if (trainers.length === 0) return wrapped("No trainer calls the coordinator.", layout.columns);
  const rows = trainers.map((trainer) => [trainer.id, stateText(trainer), ...factsOf(trainer)]);
  const columns = [
    { title: "TRAINER", cutTo: 16 },
    { title: "STATE" },
    { title: "ENGINE", leftOut: 4 },
    { title: "FLAVOUR", leftOut: 6 },
    { title: "GPUS", leftOut: 3 },
    { title: "MEMORY", leftOut: 2 },
    { title: "TRAINS" },
    { title: "SINCE", leftOut: 1 },
    { title: "LAST SEEN", leftOut: 5 },
  ];
  return tableLines(columns, rows, layout);
}

function factsOf({ engine, equipment, trials, since, lastSeen }: LiveTrainer): string[] {
  return [
    engine || "-",
    equipment?.flavour || "-",
    equipment === undefined ? "-" : String(equipment.gpus),
    memoryText(equipment?.memoryBytes),
    trials.map(trialText).join(", ") || "-",
    since === undefined ? "-" : instantText(since),
    lastSeen === undefined ? "-" : instantText(lastSeen),
  ];
}

function memoryText(bytes = 0): string {
  return bytes === 0 ? "-" : `${Math.floor((10 * bytes) / 2 ** 30) / 10} GiB`;
}

/** Returns what a trainer does, in a word or two. A cordoned one that is gone is away. */
function stateText({ cordon, lastSeen, trials }: LiveTrainer): string {
  if (lastSeen === undefined) return "away";
  if (cordon === undefined) return trials.length > 0 ? "at work" : "free";
  return cordon.drains && trials.length > 0 ? "draining" : "cordoned";
}

/** Returns a line for each cordoned trainer, with the reason. */
export function cordonLines(trainers: readonly LiveTrainer[], layout: Layout = PLAIN_LAYOUT): string[] {
  return trainers.flatMap(({ id, cordon }) => {
    if (cordon === undefined) return [];
    const since = cordon.since === undefined ? "" : ` since ${instantText(cordon.since)}`;
    const state = cordon.drains ? "drains" : "is cordoned";
    return ["", ...wrapped(`${id} ${state}${since}. ${cordon.reason}`, layout.columns)];
  });
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

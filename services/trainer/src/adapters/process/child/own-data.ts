import type { DataCache } from "@sintonia/data/dataset/data-cache";
import { DataError } from "@sintonia/data/error/data-error";
import type { TrainingData } from "@sintonia/training/trial/trial";
import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import type { Command } from "../protocol.js";

type TrainFiles = Extract<Command, { type: "train" }>["files"];

/**
 * Opens the data set of a user's files for training. Reads no row of the test split's own file.
 *
 * @param source - `files`: the place on this machine of each path of the plan; `fold`: the fold for
 * validation, if the plan has folds
 * @throws {DataError} if a file is not on this machine or does not fit the plan
 */
export async function openOwnData(
  cache: DataCache,
  plan: FileDataSet,
  { files, fold }: { readonly files: TrainFiles; readonly fold: number | undefined },
): Promise<TrainingData> {
  const pathOf = (path: string) => {
    const local = Object.hasOwn(files, path) ? files[path] : undefined;
    if (local === undefined) throw new DataError("unreadable", { file: path }, "the plan does not say its content");
    return local;
  };
  const ofFold = fold === undefined ? {} : { fold };
  const { train, validation } = await cache.open(plan, pathOf, { ...ofFold, splits: ["train", "validation"] });
  if (train === undefined) throw new DataError("content", { file: plan.path ?? "train" }, "no row is left to train");
  return validation === undefined ? { train } : { train, validation };
}

import { z } from "zod";
import { fields, mapping, real, text } from "../../validation/schema.js";
import type { ModuleModel, ModulePlan, ModuleTraining } from "../module-plan.js";
import { modulePath } from "../module-plan.js";
import { moduleRuleFindings } from "../rules.js";
import { filesSchema, pathsSchema } from "./program.js";
import {
  dataSetSchema,
  foldsSchema,
  objectiveSchema,
  outcomesSchema,
  seedsSchema,
  trainingSchema,
} from "./training-plan.js";

const EXPECTED_MODULE = "the path of a module beside the spec, with the ending .mjs, .js, .mts or .ts";

const module = text(EXPECTED_MODULE, /^(?![/\\])(?!(.*\/)?\.\.(\/|$))[^\p{Cc}\\]{1,1000}\.(mjs|js|mts|ts)$/u);

const EXPECTED_FILES = "a list of paths beside the spec, or a mapping from paths to files that has the module";

/** Schema of `model` in a study spec: its files may be paths. */
export const moduleModelSchema = fields({
  module,
  files: z.union([filesSchema, pathsSchema], EXPECTED_FILES).exactOptional(),
}).superRefine(({ module: path, files }, context) => {
  if (files === undefined || Array.isArray(files) || Object.hasOwn(files, modulePath(path))) return;
  context.addIssue({ code: "custom", path: ["files"], message: EXPECTED_FILES });
});

const planModel: z.ZodType<ModuleModel> = fields({ module, files: filesSchema });

/** Schema of `ModulePlan.training`. */
export const moduleTrainingSchema: z.ZodType<ModuleTraining> = fields({
  ...trainingSchema.shape,
  optimizer: trainingSchema.shape.optimizer.exactOptional(),
  loss: trainingSchema.shape.loss.exactOptional(),
}).superRefine(({ optimizer, loss }, context) => {
  if ((optimizer === undefined) === (loss === undefined)) return;
  const missing = optimizer === undefined ? "optimizer" : "loss";
  const message = "optimizer and loss together, or neither of them where the module compiles its model";
  context.addIssue({ code: "custom", path: [missing], message });
});

/** Schema of `ModulePlan`. */
export const modulePlanSchema: z.ZodType<ModulePlan> = fields({
  dataset: dataSetSchema,
  objective: objectiveSchema,
  outcomes: outcomesSchema,
  model: planModel,
  training: moduleTrainingSchema,
  values: mapping(
    z.string(),
    z.union([real(), z.boolean(), z.string()], "a number, a text, true or false"),
    "a mapping from names of parameters to values",
  ),
  seeds: seedsSchema,
  folds: foldsSchema,
}).superRefine((plan, context) => {
  for (const { path, expected } of moduleRuleFindings(plan)) {
    context.addIssue({ code: "custom", path: [...path], message: expected });
  }
});

import { EPOCHS_TEXT } from "../../plan/schema/program.js";
import { trainingSchema } from "../../plan/schema/training-plan.js";
import { parameterSchema } from "../../space/check/parameter-schema.js";
import { cardinality, discreteValue } from "../../space/discrete.js";
import type { Parameter } from "../../space/parameter.js";
import { nearestName } from "../../validation/nearest-name.js";
import { type Finding, valueAtPath } from "../../validation/problems.js";
import { namesInWord } from "../template/command.js";
import { isRecord, referenceIn } from "../template/references.js";
import { unknownParameter } from "./plan-check.js";

/** The places of commands in the spec of a program. */
const COMMANDS: readonly Finding["path"][] = [
  ["program", "command"],
  ["program", "test", "command"],
];
const EPOCHS: Finding["path"] = ["training", "maxEpochs"];
/** More values than there are numbers of epochs. */
const EPOCH_VALUES_MAX = 10_000;

/**
 * Finds references of a program's commands without a parameter, and a number of epochs that is
 * none. A parameter needs no reference: the program gets every value by its environment.
 *
 * @param spec - the spec as it was read, which may have findings elsewhere
 */
export function checkProgram(spec: Readonly<Record<string, unknown>>): Finding[] {
  const parameters = isRecord(spec["parameters"]) ? spec["parameters"] : {};
  const declared = Object.keys(parameters);
  return [
    ...COMMANDS.flatMap((path) => checkCommand(valueAtPath(spec, path), path, declared)),
    ...checkEpochs(valueAtPath(spec, EPOCHS), parameters),
  ];
}

/** Finds a reference to no parameter, or to one with a value that is no number of epochs. */
function checkEpochs(given: unknown, parameters: Readonly<Record<string, unknown>>): Finding[] {
  const name = referenceIn(given);
  if (name === undefined) return [];
  if (!Object.hasOwn(parameters, name)) return [unknownParameter({ path: EPOCHS, name }, Object.keys(parameters))];
  const parameter = parameterSchema.safeParse(parameters[name]).data;
  if (parameter === undefined || countsEpochs(parameter)) return [];
  return [{ path: EPOCHS, received: given, expected: EPOCHS_TEXT }];
}

/** Tells whether every value of a parameter may be a number of epochs. */
function countsEpochs(parameter: Parameter): boolean {
  const count = cardinality(parameter);
  if (count > EPOCH_VALUES_MAX) return false;
  return Array.from({ length: count }, (_, index) => discreteValue(parameter, index)).every(
    (value) => trainingSchema.shape.maxEpochs.safeParse(value).success,
  );
}

function checkCommand(command: unknown, path: Finding["path"], declared: readonly string[]): Finding[] {
  if (!Array.isArray(command)) return [];
  return command.flatMap((word: unknown, index) => {
    const names = typeof word === "string" ? namesInWord(word) : [];
    const unknown = names.filter((name) => !declared.includes(name));
    return unknown.map((name) => unknownReference([...path, index], name, declared));
  });
}

function unknownReference(path: Finding["path"], name: string, declared: readonly string[]): Finding {
  const nearest = nearestName(name, declared);
  const hint = nearest === undefined ? "" : `; did you mean \${${nearest}}?`;
  const known = declared.length === 0 ? "there are none" : declared.map((other) => `\${${other}}`).join(", ");
  const advice = "; write $${ for the characters ${";
  return { path, received: `\${${name}}`, expected: `a parameter of this study (${known})${hint || advice}` };
}

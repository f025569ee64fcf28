import { nearestName } from "../../validation/nearest-name.js";
import { type Finding, valueAtPath } from "../../validation/problems.js";
import { namesInWord } from "../template/command.js";
import { isRecord } from "../template/references.js";

/** The places of commands in the spec of a program. */
const COMMANDS: readonly Finding["path"][] = [
  ["program", "command"],
  ["program", "test", "command"],
];

/**
 * Finds references of a program's commands without a parameter. A parameter needs no reference: the
 * program gets every value by its environment.
 *
 * @param spec - the spec as it was read, which may have findings elsewhere
 */
export function checkProgram(spec: Readonly<Record<string, unknown>>): Finding[] {
  const declared = isRecord(spec["parameters"]) ? Object.keys(spec["parameters"]) : [];
  return COMMANDS.flatMap((path) => checkCommand(valueAtPath(spec, path), path, declared));
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

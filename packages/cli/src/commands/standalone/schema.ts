import { studySpecJsonSchema } from "@sintonia/tuning/spec/json-schema/study-spec";
import type { Command } from "commander";
import type { CommandContext } from "../context.js";
import { addOutputOptions } from "../options.js";

const HELP = `
Editors with the YAML language server complete, explain and check the keys of a spec that begins with this line:
  # yaml-language-server: $schema=study-spec.schema.json

Example:
  $ sintonia schema > study-spec.schema.json`;

/** Adds the command `schema`. */
export function addSchema(command: Command, context: CommandContext): void {
  command.description("Print the JSON Schema of the study spec, for editors and programs.").addHelpText("after", HELP);
  addOutputOptions(command).action(() => {
    context.stdout.write(`${JSON.stringify(studySpecJsonSchema(), null, 1)}\n`);
  });
}

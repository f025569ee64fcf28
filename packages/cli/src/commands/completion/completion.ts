import type { Command } from "commander";
import type { CommandContext } from "../context.js";
import { addOutputOptions, choiceArgument } from "../options.js";
import { SHELL_SCRIPTS, SHELLS, type Shell } from "./scripts.js";

const HELP = `
The script asks sintonia for the candidates at every press of the Tab key, so that it fits every version. It completes
the program called "sintonia" on your PATH; in a checkout: export PATH="$PWD/node_modules/.bin:$PATH".

Examples:
  $ source <(sintonia completion bash)                                        for this shell; in ~/.bashrc for all
  $ source <(sintonia completion zsh)                                         after compinit, for example in ~/.zshrc
  $ sintonia completion fish > ~/.config/fish/completions/sintonia.fish`;

/** Adds the command `completion`. */
export function addCompletion(command: Command, context: CommandContext): void {
  command
    .addArgument(choiceArgument("<SHELL>", "the shell", SHELLS))
    .description("Print the script that completes commands, options, experiments, studies and files in a shell.")
    .addHelpText("after", HELP);
  addOutputOptions(command).action((shell: Shell) => {
    context.stdout.write(SHELL_SCRIPTS[shell]);
  });
}

/** What is known about the first word of a command after a failed start. */
export interface StartFacts {
  readonly command: string;
  /** The system's code, such as ENOENT. */
  readonly code: string;
  /** Kind of the file of this name in the working folder; undefined if there is none. */
  readonly inFolder: "file" | "folder" | undefined;
}

/** Returns the reason for which a program did not start, as a sentence that says what to do. */
export function startFault({ command, code, inFolder }: StartFacts): string {
  const start = `The program ${JSON.stringify(command)} cannot be started: `;
  const isPath = command.includes("/");
  if (isPath && inFolder === "folder") return `${start}it is a folder.`;
  if (code === "ENOENT" && inFolder === undefined) {
    const place = isPath ? "there is no such file" : "no folder of PATH has it";
    return `${start}${place} on this trainer. Install it there, or name it in program.files.`;
  }
  if (code === "ENOENT" && isPath) return `${start}the interpreter that its first line names is not there.`;
  if (code === "ENOENT") return `${start}no folder of PATH has it. For the file of the study, write ./${command}.`;
  if (code === "EACCES" && inFolder === undefined) {
    return `${start}its user may not run it, or may not enter the working folder.`;
  }
  if (code === "EACCES") {
    return `${start}it is not executable. Run chmod +x ${command}, or put its interpreter first: [sh, ${command}].`;
  }
  if (code === "E2BIG") return `${start}its arguments are too long. Read the values from SINTONIA_VALUES_FILE.`;
  return `${start}${code}.`;
}

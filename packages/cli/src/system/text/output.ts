import { writeFailureText } from "../files/file-failures.js";

/** The output streams of the process. */
interface OutputStreams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * Handles streams that cannot be written, so that the work goes on. A reader that closes a pipe
 * early, as in `sintonia list | head`, is no failure. Any other failure of standard output is
 * reported once on standard error.
 *
 * @returns a function that tells whether output was lost
 */
export function handleLostOutput({ stdout, stderr }: OutputStreams): () => boolean {
  let isLost = false;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isLost || error.code === "EPIPE") return;
    isLost = true;
    stderr.write(`error: standard output cannot be written: ${writeFailureText(error)}\n`);
  });
  stderr.on("error", (error: NodeJS.ErrnoException) => {
    // Ignored: there is no other place for messages.
    if (error.code !== "EPIPE") isLost = true;
  });
  return () => isLost;
}

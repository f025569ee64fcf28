// The errors of the file system in words for a person.

/** Explains the file system's error on writing a file or folder. */
export function writeFailureText(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const texts: Readonly<Record<string, string>> = {
    EACCES: "you have no permission to write there",
    EPERM: "you have no permission to write there",
    EROFS: "the file system is read-only",
    ENOSPC: "no space is left on the device",
    EDQUOT: "the disk quota is exceeded",
    // The answer of a file system in which no folder can be made, such as /proc.
    ENOENT: "the folder cannot be made there",
    ENOTDIR: "a part of the path is a file",
    EEXIST: "a file has this name",
    EISDIR: "a folder has this name",
  };
  return texts[code ?? ""] ?? message;
}

/** Explains the file system's error on reading a file or folder. */
export function readFailureText(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const texts: Readonly<Record<string, string>> = {
    EACCES: "you have no permission to read it",
    EPERM: "you have no permission to read it",
    ENOENT: "there is no such file",
    ENOTDIR: "a part of the path is a file",
    EISDIR: "it is a folder",
    ELOOP: "its symbolic links form a loop",
    ENAMETOOLONG: "its name is too long",
  };
  return texts[code ?? ""] ?? message;
}

/** Tells whether an error comes from the file system. */
export function isFileError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException | undefined)?.syscall === "string";
}

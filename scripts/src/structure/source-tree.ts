/** One import or re-export by a relative path. */
export interface RelativeImport {
  readonly line: number;
  /** The imported file, relative to the root of the repository. */
  readonly target: string;
}

/** A name that a file exports by a declaration of its own. */
export interface ExportedName {
  readonly name: string;
  readonly line: number;
  readonly hasDocstring: boolean;
}

/** A function, method or accessor with a body. */
export interface FunctionLength {
  readonly name: string;
  readonly line: number;
  /** Lines from the signature to the closing brace, blank lines left out. */
  readonly length: number;
}

/** A block comment, or line comments that stand directly below one another. */
export interface Comment {
  readonly line: number;
  readonly endLine: number;
  readonly text: string;
  /** True if code stands before the comment on its first line. */
  readonly isTrailing: boolean;
}

/** Facts about one source file for the rules and the figures. Lines count from 1. */
export interface SourceFile {
  /** Relative to the root of the repository, with slashes. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly comments: readonly Comment[];
  readonly imports: readonly RelativeImport[];
  readonly exports: readonly ExportedName[];
  readonly functions: readonly FunctionLength[];
  /** Number of type assertions, `as const` left out. */
  readonly castCount: number;
}

/** TypeScript and proto files of a checkout, without generated files and declaration files. */
export interface SourceTree {
  /** Folders of the npm workspaces, relative to the root: `packages/runtime`, `tests`. */
  readonly workspaces: readonly string[];
  readonly files: readonly SourceFile[];
}

/**
 * Returns true for TypeScript files other than tests and fixtures. Plain support files of the
 * workspace `tests` count as product.
 */
export function isProduct(path: string): boolean {
  return /\.tsx?$/.test(path) && !/\.(test|fixture)\.tsx?$/.test(path);
}

/** Returns true for files that a program writes, and for declarations of modules. */
export function isGenerated(path: string): boolean {
  return path.endsWith(".generated.ts") || path.endsWith(".d.ts") || path.startsWith("proto/gen/");
}

/** Returns the folder that holds a file directly. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/** Returns the product files of one workspace. */
export function productFiles(tree: SourceTree, workspace: string): readonly SourceFile[] {
  return tree.files.filter(({ path }) => path.startsWith(`${workspace}/`) && isProduct(path));
}

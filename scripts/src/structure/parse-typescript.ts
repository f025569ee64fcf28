import { posix } from "node:path";
import {
  getTokenPosOfNode,
  isAsExpression,
  isFunctionLikeDeclaration,
  isIdentifier,
  isNoSubstitutionTemplateLiteral,
  isRegularExpressionLiteral,
  isStringLiteral,
  isTemplateHead,
  isTemplateMiddleOrTemplateTail,
  isTypeReferenceNode,
  isVariableStatement,
  type Node,
  type SourceFile as ParsedFile,
  SyntaxKind,
} from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";
import { findComments, type Span } from "./comments.js";
import {
  type ExportedName,
  type FunctionLength,
  folderOf,
  type RelativeImport,
  type SourceFile,
} from "./source-tree.js";

/** Path of the configuration that the compiler reads from memory. It resolves no import. */
const CONFIGURATION = "/structure/tsconfig.json";

/**
 * Parses TypeScript files with the compiler, from memory.
 *
 * @param texts - text of each file, by path relative to the root
 */
export function parseTypeScript(texts: ReadonlyMap<string, string>): readonly SourceFile[] {
  const files = new Map([...texts].map(([path, text]) => [`/structure/${path}`, text]));
  const compilerOptions = {
    noLib: true,
    noResolve: true,
    types: [],
    target: "esnext",
    module: "esnext",
    jsx: "preserve",
  };
  files.set(CONFIGURATION, JSON.stringify({ compilerOptions, files: [...texts.keys()] }));
  const compiler = new API({
    fs: { readFile: (path) => files.get(path) ?? null, fileExists: (path) => files.has(path) },
  });
  try {
    const project = compiler.updateSnapshot({ openProjects: [CONFIGURATION] }).getProject(CONFIGURATION);
    return [...texts.keys()].map((path) => {
      const parsed = project?.program.getSourceFile(`/structure/${path}`);
      if (parsed === undefined) throw new Error(`the compiler did not parse ${path}`);
      return factsOf(path, parsed, texts);
    });
  } finally {
    compiler.close();
  }
}

function factsOf(path: string, parsed: ParsedFile, texts: ReadonlyMap<string, string>): SourceFile {
  const literals: Span[] = [];
  const functions: FunctionLength[] = [];
  let castCount = 0;
  visit(parsed);
  return {
    path,
    lines: parsed.text.split("\n"),
    comments: findComments(parsed.text, literals),
    imports: relativeImports(path, parsed, texts),
    exports: exportedNames(parsed),
    functions,
    castCount,
  };

  function visit(node: Node): void {
    if (isLiteral(node)) literals.push({ start: startOf(node, parsed), end: node.end });
    if (isFunctionLikeDeclaration(node) && "body" in node && node.body) functions.push(functionLength(node, parsed));
    if (isAsExpression(node) && !isConst(node.type)) castCount++;
    node.forEachChild(visit);
  }
}

function isLiteral(node: Node): boolean {
  const isTemplate =
    isNoSubstitutionTemplateLiteral(node) || isTemplateHead(node) || isTemplateMiddleOrTemplateTail(node);
  return isTemplate || isStringLiteral(node) || isRegularExpressionLiteral(node);
}

function isConst(type: Node): boolean {
  return isTypeReferenceNode(type) && isIdentifier(type.typeName) && type.typeName.text === "const";
}

function functionLength(node: Node, parsed: ParsedFile): FunctionLength {
  const text = parsed.text.slice(startOf(node, parsed), node.end);
  return {
    name: nameOf(node) ?? nameOf(node.parent) ?? "(anonymous)",
    line: lineOf(node, parsed),
    length: text.split("\n").filter((line) => line.trim() !== "").length,
  };
}

function nameOf(node: Node): string | undefined {
  const name = (node as { readonly name?: Node }).name;
  return name && isIdentifier(name) ? name.text : undefined;
}

function relativeImports(
  path: string,
  parsed: ParsedFile,
  texts: ReadonlyMap<string, string>,
): readonly RelativeImport[] {
  return parsed.imports.flatMap((specifier) => {
    const module = isStringLiteral(specifier) ? specifier.text : "";
    if (!module.startsWith(".")) return [];
    const target = posix.join(folderOf(path), module).replace(/\.js$/, "");
    const end = texts.has(`${target}.tsx`) ? "tsx" : "ts";
    return [{ line: lineOf(specifier, parsed), target: `${target}.${end}` }];
  });
}

/** Returns each exported name once: overloads, or a type and a value, may share one docstring. */
function exportedNames(parsed: ParsedFile): readonly ExportedName[] {
  const exported = new Map<string, ExportedName>();
  for (const statement of parsed.statements) {
    if (!isExported(statement)) continue;
    const declarations = isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
    const hasDocstring = (statement.jsDoc?.length ?? 0) > 0;
    for (const declaration of declarations) {
      const name = nameOf(declaration);
      if (name === undefined) continue;
      const known = exported.get(name) ?? { name, line: lineOf(declaration, parsed), hasDocstring };
      exported.set(name, { ...known, hasDocstring: known.hasDocstring || hasDocstring });
    }
  }
  return [...exported.values()];
}

function isExported(statement: Node): boolean {
  const { modifiers } = statement as { readonly modifiers?: readonly Node[] };
  return modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) ?? false;
}

function startOf(node: Node, parsed: ParsedFile): number {
  return getTokenPosOfNode(node, parsed);
}

function lineOf(node: Node, parsed: ParsedFile): number {
  return parsed.getLineAndCharacterOfPosition(startOf(node, parsed)).line + 1;
}

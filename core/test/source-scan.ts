import * as ts from 'typescript'

/** A source file: its path from the checkout, with slashes, and its text. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** What a file does that the boundaries speak of. */
export interface Scan {
  /** Every module it names: import, export from, import(), require(), import types. */
  readonly imports: readonly string[]
  /** Modules that it names by an expression, which nobody can check. */
  readonly computedImports: readonly string[]
  readonly uses: ReadonlySet<Use>
}

export type Use = 'process.env' | 'clock' | 'Math.random' | 'randomness' | 'globalThis'

const RANDOM_NAMES = new Set(['getRandomValues', 'randomUUID', 'randomBytes', 'randomInt', 'generateKey'])

/** Reads a TypeScript file by its syntax tree: comments and strings do not count. */
export function scan(source: Source): Scan {
  const imports: string[] = []
  const computedImports: string[] = []
  const uses = new Set<Use>()
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2022, true)
  const constants = constantsOf(file)
  const visit = (node: ts.Node): void => {
    const named = moduleNamed(node)
    if (named !== undefined) {
      const text = ts.isStringLiteralLike(named) ? named.text : constants.get(named.getText())
      if (text === undefined) computedImports.push(named.getText())
      else imports.push(text)
    }
    const use = useOf(node)
    if (use !== undefined) uses.add(use)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { imports, computedImports, uses }
}

/** The file's own `const NAME = 'text'`. */
function constantsOf(file: ts.SourceFile): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) continue
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer !== undefined && ts.isStringLiteralLike(initializer)) found.set(name.getText(), initializer.text)
    }
  }
  return found
}

function moduleNamed(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isExternalModuleReference(node)) return node.expression
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument
  if (ts.isCallExpression(node) && isLoader(node.expression)) return node.arguments[0]
  return undefined
}

function isLoader(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword || isNamed(callee, 'require')) return true
  return ts.isPropertyAccessExpression(callee) && isNamed(callee.expression, 'require')
}

function useOf(node: ts.Node): Use | undefined {
  if (ts.isIdentifier(node) && node.text === 'globalThis') return 'globalThis'
  if (readsEnvironmentByPattern(node)) return 'process.env'
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && !node.arguments?.length) return 'clock'
  if (ts.isCallExpression(node) && isNamed(node.expression, 'Date')) return 'clock'
  const member = memberOf(node)
  if (member === undefined) return undefined
  if (RANDOM_NAMES.has(member.name)) return 'randomness'
  const full = `${member.owner}.${member.name}`
  if (full === 'process.env' || full === 'Math.random') return full
  return full === 'Date.now' || full === 'performance.now' ? 'clock' : undefined
}

function memberOf(node: ts.Node): { readonly owner: string; readonly name: string } | undefined {
  if (ts.isPropertyAccessExpression(node)) return { owner: lastName(node.expression), name: node.name.text }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return { owner: lastName(node.expression), name: node.argumentExpression.text }
  }
  return undefined
}

/** `globalThis.process` and `process` are the same thing. */
const lastName = (expression: ts.Expression) => expression.getText().split('.').at(-1) ?? ''

function readsEnvironmentByPattern(node: ts.Node): boolean {
  if (!ts.isVariableDeclaration(node) || !ts.isObjectBindingPattern(node.name)) return false
  if (node.initializer === undefined || !isNamed(node.initializer, 'process')) return false
  return node.name.elements.some((element) => (element.propertyName ?? element.name).getText() === 'env')
}

const isNamed = (node: ts.Node, name: string) => ts.isIdentifier(node) && node.text === name

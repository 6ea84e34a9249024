/** Reads the imports of a source file, in every form the language has. */

import { parseSync } from 'oxc-parser'

export interface Import {
  /** what stands between the quotes; undefined when it is computed */
  source: string | undefined
  typeOnly: boolean
  line: number
}

interface Node {
  type: string
  start: number
  [key: string]: unknown
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function literal(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined
}

function isRequire(node: Node): boolean {
  return node.type === 'CallExpression' && isNode(node.callee) && node.callee.name === 'require'
}

/** `import { type A, type B } from` loads nothing either, once the types are stripped by a bundler. */
function onlyTypes(node: Node): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const names = node.specifiers
  return (
    Array.isArray(names) && names.length > 0 && names.every((name) => (name.importKind ?? name.exportKind) === 'type')
  )
}

function importOf(node: Node): Omit<Import, 'line'> | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return { source: literal(node.source), typeOnly: onlyTypes(node) }
    case 'ExportNamedDeclaration':
      return node.source ? { source: literal(node.source), typeOnly: onlyTypes(node) } : undefined
    case 'ImportExpression':
      return { source: literal(node.source), typeOnly: false }
    case 'TSImportType':
      return { source: literal(node.source), typeOnly: true }
    case 'CallExpression':
      return isRequire(node) ? { source: literal((node.arguments as unknown[])[0]), typeOnly: false } : undefined
    default:
      return undefined
  }
}

function visit(value: unknown, found: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, found)
  else if (isNode(value)) {
    found(value)
    for (const child of Object.values(value)) if (typeof child === 'object') visit(child, found)
  }
}

/** Every import of a file. Throws, naming the file, when it cannot be parsed. */
export function importsOf(path: string, text: string): Import[] {
  const parsed = parseSync(path, text)
  const fault = parsed.errors[0]
  if (fault) throw new Error(`${path}: ${fault.message}`)
  const imports: Import[] = []
  visit(parsed.program, (node) => {
    const found = importOf(node)
    if (found) imports.push({ ...found, line: text.slice(0, node.start).split('\n').length })
  })
  return imports
}

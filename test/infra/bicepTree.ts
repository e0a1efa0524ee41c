import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** A node of a parsed template: its named children, and the words and signs between them. */
export interface BicepNode {
  readonly type: string
  readonly text: string
  readonly line: number
  readonly words: readonly string[]
  readonly children: readonly BicepNode[]
}

/** Parses sources by name: trees for templates and parameter files, plain values for YAML. Throws where the grammar is not there. */
export function parseSources(sources: Readonly<Record<string, string>>): Record<string, unknown> {
  const parsed = spawnSync(process.execPath, [path.join(__dirname, 'parseBicep.cjs')], {
    input: JSON.stringify(sources),
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  })
  if (parsed.status !== 0) throw new Error(`The templates could not be parsed: run npm run templates. ${parsed.stderr}`)
  return JSON.parse(parsed.stdout) as Record<string, unknown>
}

/** A declaration of a template. `value` is its right side, `kind` its keyword. */
export interface Declaration {
  readonly kind: 'param' | 'var' | 'resource' | 'module' | 'output' | 'type' | 'func'
  readonly name: string
  readonly line: number
  /** The type of a parameter or an output, the type and version of a resource, the path of a module. */
  readonly of: string
  readonly value: BicepNode | undefined
  readonly decorators: readonly BicepNode[]
  readonly existing: boolean
  /** The resource that this one is written inside of. */
  readonly within: Declaration | undefined
}

const kinds: Readonly<Record<string, Declaration['kind']>> = {
  parameter_declaration: 'param',
  variable_declaration: 'var',
  resource_declaration: 'resource',
  module_declaration: 'module',
  output_declaration: 'output',
  type_declaration: 'type',
  user_defined_function: 'func',
}

/** Every declaration of a template, nested resources after the one around them. */
export function declarationsOf(root: BicepNode): Declaration[] {
  const found: Declaration[] = []
  let decorators: BicepNode[] = []
  for (const node of root.children) {
    if (node.type === 'decorators') decorators = node.children.flatMap(({ children }) => children)
    else {
      const kind = kinds[node.type]
      if (kind) declare(node, kind, decorators, undefined, found)
      decorators = []
    }
  }
  return found
}

function declare(
  node: BicepNode,
  kind: Declaration['kind'],
  decorators: readonly BicepNode[],
  within: Declaration | undefined,
  found: Declaration[],
): void {
  const [identifier, ...rest] = node.children
  const second = rest[0]
  const named = kind === 'resource' || kind === 'module' || kind === 'param' || kind === 'output'
  const declaration: Declaration = {
    kind,
    name: identifier?.text ?? '',
    line: node.line,
    of: named && second ? (plainString(second) ?? second.text) : '',
    value: named || kind === 'func' ? (rest.length > 1 ? rest.at(-1) : undefined) : second,
    decorators,
    existing: node.words.includes('existing'),
    within,
  }
  found.push(declaration)
  if (kind !== 'resource' || !declaration.value) return
  for (const property of bodyOf(declaration.value)?.children ?? []) {
    const inner = property.children.find(({ type }) => type === 'resource_declaration')
    if (inner) declare(inner, 'resource', [], declaration, found)
  }
}

/** The object that a resource, a module, a condition or a loop comes down to. */
export function bodyOf(value: BicepNode): BicepNode | undefined {
  if (value.type === 'object') return value
  if (value.type !== 'if_statement' && value.type !== 'for_statement') return undefined
  const last = value.children.at(-1)
  return last ? bodyOf(last) : undefined
}

/** The properties of an object by name; a computed name is left out. */
export function propertiesOf(object: BicepNode): { readonly name: string; readonly value: BicepNode; readonly line: number }[] {
  return object.children.flatMap((property) => {
    const [key, value] = property.children
    if (property.type !== 'object_property' || !key || !value) return []
    const name = key.type === 'string' ? plainString(key) : key.text
    return name === undefined ? [] : [{ name, value, line: property.line }]
  })
}

/** The value at a path of property names, through conditions and loops. */
export function valueAt(object: BicepNode | undefined, ...names: readonly string[]): BicepNode | undefined {
  const [name, ...rest] = names
  if (name === undefined) return object
  const body = object && bodyOf(object)
  const value = body && propertiesOf(body).find((property) => property.name === name)?.value
  return value && valueAt(value, ...rest)
}

/** The text of a string without interpolation; undefined for anything else. */
export function plainString(node: BicepNode): string | undefined {
  if (node.type !== 'string' || node.children.some(({ type }) => type === 'interpolation')) return undefined
  return node.text.slice(1, -1).replaceAll(/\\(.)/g, '$1')
}

/** Every node of a tree, the root first. */
export function* everyNode(root: BicepNode): Generator<BicepNode> {
  yield root
  for (const child of root.children) yield* everyNode(child)
}

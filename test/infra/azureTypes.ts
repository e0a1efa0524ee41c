import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type BicepNode, bodyOf, plainString, propertiesOf } from './bicepTree'

/** The shape of a value as Azure publishes it. */
interface Shape {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additional?: Shape
  readonly items?: Shape
  readonly enum?: readonly string[]
  readonly open?: boolean
  readonly min?: number
  readonly max?: number
  readonly maxLength?: number
  readonly required?: boolean
  readonly readOnly?: boolean
  readonly discriminator?: string
  readonly variants?: Readonly<Record<string, Shape>>
  readonly anyOf?: readonly Shape[]
}

/** Azure's published resource types beside the repository; undefined where they are not there. */
export function publishedTypes(): PublishedTypes | undefined {
  const folder = path.resolve(__dirname, '../../../shared/azure-types')
  return existsSync(path.join(folder, 'api-versions.tsv')) ? new PublishedTypes(folder) : undefined
}

export class PublishedTypes {
  private readonly files = new Map<string, string>()
  private readonly shapes = new Map<string, Shape>()

  constructor(private readonly folder: string) {
    for (const line of readFileSync(path.join(folder, 'api-versions.tsv'), 'utf8').split('\n').slice(1)) {
      const [type, version, file] = line.split('\t')
      if (type && version) this.files.set(`${type}@${version}`.toLowerCase(), file ?? '')
    }
  }

  isPublished(typeAndVersion: string): boolean {
    return this.files.has(typeAndVersion.toLowerCase())
  }

  /** The shape of a resource; undefined where only the version is known. */
  shapeOf(typeAndVersion: string): Shape | undefined {
    const file = this.files.get(typeAndVersion.toLowerCase())
    if (!file) return undefined
    const known = this.shapes.get(file)
    if (known) return known
    const { body } = JSON.parse(readFileSync(path.join(this.folder, path.basename(file)), 'utf8')) as { body: Shape }
    this.shapes.set(file, body)
    return body
  }
}

/** What of a value does not fit a shape; expressions that only Azure can work out fit anything. */
export function misfits(value: BicepNode, shape: Shape, where: string, isPart = false): string[] {
  if (shape.anyOf) {
    const each = shape.anyOf.map((one) => misfits(value, one, where, isPart))
    return each.some((problems) => problems.length === 0) ? [] : (each[0] ?? [])
  }
  const inner = bodyOf(value)
  if (inner && value.type !== 'for_statement') return objectMisfits(inner, shape, where, isPart)
  switch (value.type) {
    case 'ternary_expression':
      return value.children.slice(1).flatMap((branch) => misfits(branch, shape, where, isPart))
    case 'parenthesized_expression':
      return value.children.flatMap((child) => misfits(child, shape, where, isPart))
    case 'call_expression':
      return value.children[0]?.text === 'union'
        ? (value.children[1]?.children ?? []).flatMap((part) => misfits(part, shape, where, true))
        : []
    case 'array':
      if (shape.type && shape.type !== 'array' && shape.type !== 'any') return [`${where} is an array and has to be ${shape.type}`]
      return value.children.flatMap((child, index) => (shape.items ? misfits(child, shape.items, `${where}[${index}]`) : []))
    case 'for_statement': {
      const last = value.children.at(-1)
      return last && shape.items ? misfits(last, shape.items, `${where}[]`) : []
    }
    case 'string':
      return stringMisfits(value, shape, where)
    case 'number':
      return numberMisfits(value, shape, where)
    case 'boolean':
      return shape.type && !['bool', 'any'].includes(shape.type) ? [`${where} is true or false and has to be ${shape.type}`] : []
    default:
      return []
  }
}

function stringMisfits(value: BicepNode, shape: Shape, where: string): string[] {
  if (shape.type && !['string', 'any'].includes(shape.type)) return [`${where} is a string and has to be ${shape.type}`]
  const text = plainString(value)
  if (text === undefined) return []
  if (shape.enum && !shape.open && !shape.enum.includes(text))
    return [`${where} is '${text}' and has to be one of ${shape.enum.join(', ')}`]
  if (shape.maxLength !== undefined && text.length > shape.maxLength) return [`${where} is longer than ${shape.maxLength}`]
  return []
}

function numberMisfits(value: BicepNode, shape: Shape, where: string): string[] {
  if (shape.type && !['int', 'any'].includes(shape.type)) return [`${where} is a number and has to be ${shape.type}`]
  const number = Number(value.text)
  return number < (shape.min ?? number) || number > (shape.max ?? number) ? [`${where} is out of its range`] : []
}

function objectMisfits(object: BicepNode, shape: Shape, where: string, isPart: boolean): string[] {
  if (shape.type && !['object', 'any'].includes(shape.type)) return [`${where} is an object and has to be ${shape.type}`]
  if (!shape.properties) return []
  const given = propertiesOf(object)
  const variant = variantOf(shape, given, where)
  if (typeof variant === 'string') return [variant]
  const properties = { ...shape.properties, ...variant?.properties }
  const additional = variant?.additional ?? shape.additional
  const problems = given.flatMap(({ name, value }) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : additional
    if (!property) return [`${where}.${name} is no property${nearest(name, Object.keys(properties))}`]
    return property.readOnly ? [`${where}.${name} is read-only`] : misfits(value, property, `${where}.${name}`)
  })
  const isWhole =
    !isPart && object.children.every(({ children }) => children[0]?.type !== 'string' || plainString(children[0]) !== undefined)
  const missing = isWhole
    ? Object.entries(properties).filter(([name, { required }]) => required && !given.some((one) => one.name === name))
    : []
  return [...problems, ...missing.map(([name]) => `${where}.${name} is missing`)]
}

/** The variant that an object's discriminator chooses, or what is wrong with the choice. */
function variantOf(shape: Shape, given: ReturnType<typeof propertiesOf>, where: string): Shape | string | undefined {
  if (!shape.discriminator || !shape.variants) return undefined
  const chosen = given.find(({ name }) => name === shape.discriminator)
  const word = chosen && plainString(chosen.value)
  if (!chosen) return `${where}.${shape.discriminator} is missing`
  if (word === undefined) return undefined
  return (
    shape.variants[word] ?? `${where}.${shape.discriminator} is '${word}' and has to be one of ${Object.keys(shape.variants).join(', ')}`
  )
}

const nearest = (wrong: string, names: readonly string[]): string => {
  const same = names.find((name) => name.toLowerCase() === wrong.toLowerCase())
  return same ? `; ${same} is meant` : ''
}

import { readFileSync } from 'node:fs'
import path from 'node:path'
import Ajv from 'ajv/dist/2020'
import addFormats from 'ajv-formats'

const schemas = ['catalogue', 'check', 'health', 'problem', 'series', 'summary', 'webhook'] as const

const read = (name: string): { readonly $id: string } =>
  JSON.parse(readFileSync(path.join(__dirname, '..', '..', 'schemas', `${name}.schema.json`), 'utf8'))

const ajv = addFormats(new Ajv({ allErrors: true, allowUnionTypes: true }))
for (const name of schemas) ajv.addSchema(read(name))

/** What of a value does not fit a schema of the repository; empty where all of it does. */
export function schemaErrors(name: (typeof schemas)[number], value: unknown): string[] {
  const validate = ajv.getSchema(read(name).$id)
  if (!validate) throw new Error(`There is no schema ${name}.`)
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
}

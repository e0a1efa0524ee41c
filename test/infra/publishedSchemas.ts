import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import Ajv, { type ValidateFunction } from 'ajv'
import Ajv2019 from 'ajv/dist/2019'
import addFormats from 'ajv-formats'

const folder = path.resolve(__dirname, '../../../shared/schemas')

/** A validator of a published schema; undefined, and said, where the schemas are not at hand. */
export function publishedValidator(schemaFile: string): ValidateFunction | undefined {
  const file = path.join(folder, schemaFile)
  if (!existsSync(file)) {
    process.stdout.write(`The published schemas are not at hand: nothing is checked against ${schemaFile}.\n`)
    return undefined
  }
  const text = readFileSync(file, 'utf8')
  const schema = JSON.parse(text) as { $schema?: string }
  const ajv = schema.$schema?.includes('2019-09') ? new Ajv2019({ strict: false }) : new Ajv({ strict: false, validateSchema: false })
  addFormats(ajv)
  // Schemas of extensions that we do not use, each somewhere on the web.
  for (const url of new Set([...text.matchAll(/"\$ref": ?"(https:[^"#]+)/g)].map(([, address]) => address ?? ''))) ajv.addSchema({}, url)
  delete schema.$schema
  return ajv.compile(schema)
}

/** What is looked at of an answer, as the SDK has it. */
interface RawAnswer {
  readonly status: number
  readonly parsedBody?: unknown
}

/** The code of an error for an answer that calls itself good and is not that of a table service. */
export const unreadableAnswer = 'unreadable-answer'

/** Throws where a good answer to a query holds no list of rows, which the SDK would take for an empty one. */
export function expectRows({ status, parsedBody }: RawAnswer): void {
  if (status < 300 && !Array.isArray(property(parsedBody, 'value'))) throw unreadable('rows')
}

/** Throws where a good answer to the reading of one row holds none. */
export function expectRow({ status, parsedBody }: RawAnswer): void {
  if (status < 300 && typeof property(parsedBody, 'RowKey') !== 'string') throw unreadable('a row')
}

/** Throws where a transaction was answered for fewer operations than it has: then nobody knows whether it was written. */
export function expectEveryOperation(answered: number, asked: number): void {
  if (answered !== asked) throw unreadable(`${asked} operations`)
}

const unreadable = (expected: string): Error =>
  Object.assign(new Error(`The answer of the table service does not hold ${expected}.`), { code: unreadableAnswer })

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

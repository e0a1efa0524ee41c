import type { SignInRecord } from '../../shared/aggregates/record'
import type { Classification } from '../../shared/failures/catalogueTypes'
import { streamIds } from '../../shared/signIns/streams'

/** Records in the form that another thread takes over quickest: every text and classification once, and numbers for the rest. */
export interface RecordColumns {
  readonly ids: readonly (string | undefined)[]
  readonly times: Float64Array<ArrayBuffer>
  readonly texts: readonly string[]
  readonly classifications: readonly Classification[]
  /** {@link width} numbers a record; of a text its place in `texts`. */
  readonly numbers: Int32Array<ArrayBuffer>
}

const width = 12
const absent = -1
const unknownUser = -1
const noUser = -2

/** Gives each value a number, the same one whenever it comes again. */
class Numbering<Value> {
  readonly values: Value[] = []
  readonly #places = new Map<Value, number>()

  of(value: Value): number {
    const known = this.#places.get(value)
    if (known !== undefined) return known
    this.#places.set(value, this.values.length)
    return this.values.push(value) - 1
  }
}

export function packRecords(records: readonly SignInRecord[]): RecordColumns {
  const texts = new Numbering<string>()
  const classifications = new Numbering<Classification>()
  const times = new Float64Array(records.length)
  const numbers = new Int32Array(records.length * width)
  const textOf = (text: string | undefined): number => (text === undefined ? absent : texts.of(text))
  for (const [index, record] of records.entries()) {
    const { user } = record
    times[index] = record.createdDateTime
    let at = index * width
    numbers[at++] = streamIds.indexOf(record.stream)
    numbers[at++] = classifications.of(record.classification)
    numbers[at++] = user === 'unknown' ? unknownUser : user === 'none' ? noUser : user
    numbers[at++] = texts.of(record.apps)
    numbers[at++] = texts.of(record.resources)
    numbers[at++] = texts.of(record.resourceTenants)
    numbers[at++] = texts.of(record.clientApps)
    numbers[at++] = texts.of(record.countries)
    numbers[at++] = texts.of(record.userAgents)
    numbers[at++] = texts.of(record.networks)
    numbers[at++] = textOf(record.appName)
    numbers[at++] = textOf(record.resourceName)
  }
  return { ids: records.map(({ id }) => id), times, texts: texts.values, classifications: classifications.values, numbers }
}

/** The records that {@link packRecords} was given. */
export function unpackRecords({ ids, times, texts, classifications, numbers }: RecordColumns): SignInRecord[] {
  const text = (at: number): string => texts[numbers[at] ?? absent] ?? ''
  return ids.map((id, index) => {
    const at = index * width
    const stream = streamIds[numbers[at] ?? 0]
    const classification = classifications[numbers[at + 1] ?? 0]
    const user = numbers[at + 2] ?? unknownUser
    if (!stream || !classification) throw new RangeError('A packed record names a stream or a class that was not packed with it.')
    return {
      id,
      createdDateTime: times[index] ?? 0,
      stream,
      classification,
      user: user === unknownUser ? 'unknown' : user === noUser ? 'none' : user,
      apps: text(at + 3),
      resources: text(at + 4),
      resourceTenants: text(at + 5),
      clientApps: text(at + 6),
      countries: text(at + 7),
      userAgents: text(at + 8),
      networks: text(at + 9),
      appName: texts[numbers[at + 10] ?? absent],
      resourceName: texts[numbers[at + 11] ?? absent],
    }
  })
}

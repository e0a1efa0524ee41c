import type * as z from 'zod/mini'
import { receiversMax } from '../alerts/decide'
import { type ReceiverSettings, receiverOf, receivers } from './receivers'

export type { ReceiverSettings } from './receivers'

/** The receivers of the setting `RECEIVERS`, or what is wrong with it. */
export type ParsedReceivers =
  | { readonly ok: true; readonly receivers: readonly ReceiverSettings[] }
  | { readonly ok: false; readonly error: string }

/** Mistakes that one message names. */
const mistakesMax = 5

/**
 * Reads the setting `RECEIVERS`: a JSON array of at most nine receivers. An error names the fields that are wrong and what
 * would be right; it never repeats a value, since an address and a secret are among them.
 */
export function parseReceivers(text: string): ParsedReceivers {
  const parsed = parseJson(text)
  if (!Array.isArray(parsed))
    return wrong(['it has to be a JSON array, such as [{"id":"ops","kind":"webhook","url":"…","secret":"whsec_…"}]'])
  if (parsed.length > receiversMax) return wrong([`it names ${parsed.length} receivers; at most ${receiversMax} are told at once`])
  const found: ReceiverSettings[] = []
  const mistakes: string[] = []
  for (const [index, entry] of parsed.entries()) {
    const read = parseReceiver(entry, `[${index}]`)
    if (read.ok) found.push(read.settings)
    else mistakes.push(...read.mistakes)
  }
  const ids = found.map(({ id }) => id.toLowerCase())
  for (const [index, id] of ids.entries()) {
    if (ids.indexOf(id) < index) mistakes.push(`[${index}].id is taken by an earlier receiver; each needs its own`)
  }
  return mistakes.length > 0 ? wrong(mistakes) : { ok: true, receivers: found }
}

const wrong = (mistakes: readonly string[]): ParsedReceivers => ({ ok: false, error: `${mistakes.slice(0, mistakesMax).join('; ')}.` })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message repeats a part of the text.
    return undefined
  }
}

type ParsedReceiver =
  | { readonly ok: true; readonly settings: ReceiverSettings }
  | { readonly ok: false; readonly mistakes: readonly string[] }

function parseReceiver(entry: unknown, path: string): ParsedReceiver {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return { ok: false, mistakes: [`${path} has to be an object`] }
  const receiver = receiverOf('kind' in entry ? entry.kind : undefined)
  if (!receiver) return { ok: false, mistakes: [`${path}.kind has to be one of ${receivers.map(({ kind }) => kind).join(', ')}`] }
  const result = receiver.settings.safeParse(entry)
  return result.success
    ? { ok: true, settings: result.data }
    : { ok: false, mistakes: result.error.issues.map((issue) => mistakeOf(issue, path)) }
}

function mistakeOf(issue: z.core.$ZodIssue, path: string): string {
  const field = path + issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  if (issue.code === 'unrecognized_keys') return `${field} has the unknown field ${issue.keys.map(shown).join(', ')}`
  return `${field}: ${issue.message}`
}

/** A field's name as somebody typed it, unless it does not look like one. */
const shown = (key: string): string => (/^[A-Za-z_]{1,30}$/.test(key) ? key : '(not a name)')

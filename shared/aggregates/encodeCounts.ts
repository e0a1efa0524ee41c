import { remembering } from '../signIns/remembering'
import type { Counts } from './aggregate'
import { decodeCountsText } from './decodeFirstVersion'
import { type CountsSink, CountsSum, eachCount } from './merge'
import { byCount, byText, sortedEntries } from './ordering'

/** What the text begins with: the version. A reader refuses any other but the JSON of the one before it. */
const beginning = '2;'

/**
 * Different cells that are stored of one bucket, so that the text stays below the 64 KiB of a property. Beyond it the
 * codes of the smallest cells are given up for -1; sums by outcome and class stay exact.
 */
export const cellsMax = 300

/**
 * The counts as compact text; equal counts give equal text. `2;`, then the cells, `&` and the signals: first the keys, where
 * what neighbours have in common up to the last bar is said once, then after `=` the counts in the same order.
 * `2;failure|tls.legacy 1002016 1002017;success| 0=5 3 7&legacyTls|success known true=7 1`
 */
export const encodeCounts = (counts: Counts): string =>
  `${beginning}${encodeCounted(foldCells(counts.cells))}&${encodeCounted(counts.signals)}`

/** Whether a text begins as one that {@link decodeCounts} reads. */
export const isEncodedCounts = (text: string): boolean => text.startsWith(beginning) || text.startsWith('{"v":1,')

/** Reads {@link encodeCounts}, this version's and the one before it; throws an Error that names what is wrong with any other text. */
export function decodeCounts(text: string): Counts {
  const sum = new CountsSum()
  eachEncodedCount(text, sum.sink)
  return { cells: sum.cells, signals: sum.signals }
}

/** Gives encoded counts out without making them first. */
export function eachEncodedCount(text: string, sink: CountsSink): void {
  if (text.startsWith('{')) {
    eachCount(decodeCountsText(text), sink)
    return
  }
  if (!text.startsWith(beginning)) throw new Error('The version of stored counts is not 2; this release cannot read it.')
  const end = text.indexOf('&')
  if (end === -1 || text.includes('&', end + 1)) throw wrong('cells and signals')
  const cells = text.slice(beginning.length, end)
  const signals = text.slice(end + 1)
  const cellKeys = keysIn(cells)
  sink.cells(cellKeys, countsIn(cells, cellKeys.length))
  const signalKeys = keysIn(signals)
  sink.signals(signalKeys, countsIn(signals, signalKeys.length))
}

function foldCells(cells: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  if (cells.size <= cellsMax) return cells
  const ordered = [...cells].sort(byCount)
  const folded = new Map(ordered.slice(0, cellsMax))
  for (const [cell, count] of ordered.slice(cellsMax)) {
    const withoutCode = `${cell.slice(0, cell.lastIndexOf('|'))}|-1`
    folded.set(withoutCode, (folded.get(withoutCode) ?? 0) + count)
  }
  return folded
}

function encodeCounted(counts: ReadonlyMap<string, number>): string {
  const groups = new Map<string, { readonly rests: string[]; readonly counts: string[] }>()
  for (const [key, count] of sortedEntries(counts)) {
    const bar = key.lastIndexOf('|')
    if (bar === -1 || /[ ;=&]/.test(key))
      throw new Error(`A count's key has a bar and no space, semicolon, equals sign or ampersand; ${key} is none.`)
    const group = groups.get(key.slice(0, bar)) ?? { rests: [], counts: [] }
    groups.set(key.slice(0, bar), group)
    group.rests.push(key.slice(bar + 1))
    group.counts.push(wholeText(count))
  }
  const ordered = [...groups].sort(([a], [b]) => byText(a, b))
  const keys = ordered.map(([group, { rests }]) => [group, ...rests].join(' ')).join(';')
  return `${keys}=${ordered.flatMap(([, group]) => group.counts).join(' ')}`
}

function wholeText(count: number): string {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is stored as a whole number of at least 0.`)
  return `${count}`
}

const sameText = remembering((text) => text)

const keysOfGroup = remembering((text): readonly string[] => {
  const [group = '', ...rests] = text.split(' ')
  return rests.map((rest) => sameText(`${group}|${rest}`))
})

/** Whole rows often have the same keys as others, and groups of them more often: what was read of them once is remembered. */
const keysOf = remembering((text): readonly string[] => text.split(';').flatMap(keysOfGroup), 200)

function keysIn(counted: string): readonly string[] {
  const middle = counted.indexOf('=')
  if (middle === -1) throw wrong('keys and counts')
  return keysOf(counted.slice(0, middle))
}

function countsIn(counted: string, length: number): number[] {
  const counts: number[] = []
  let at = counted.indexOf('=') + 1
  for (; counts.length < length; at++) {
    const start = at
    let count = 0
    for (; at < counted.length; at++) {
      const value = counted.charCodeAt(at) - zeroCode
      if (value < 0 || value > 9) break
      count = count * 10 + value
    }
    const isDone = at === counted.length || counted.charCodeAt(at) === spaceCode
    if (at === start || !isDone || count > Number.MAX_SAFE_INTEGER) throw wrong('a whole number of at least 0 for each key')
    counts.push(count)
  }
  if (at < counted.length) throw wrong('a whole number of at least 0 for each key')
  return counts
}

const zeroCode = '0'.charCodeAt(0)
const spaceCode = ' '.charCodeAt(0)

const wrong = (right: string): Error => new Error(`Stored counts should be ${right}.`)

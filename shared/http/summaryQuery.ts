import { type FamilyId, familyIds } from '../failures/catalogueTypes'
import { type Language, languages } from '../failures/words'
import { type StreamId, streamIds } from '../signIns/streams'
import { type Parsed, parseQuery } from './queryParameters'
import { readWindowQuery, type WindowLimits, type WindowQuery, windowParameters } from './windowQuery'

/** A read request for `GET /api/summary`. */
export interface SummaryQuery extends WindowQuery {
  readonly streams: readonly StreamId[]
  readonly families: readonly FamilyId[] | undefined
  /** Entries of each top list. */
  readonly top: number
  readonly language: Language
}

const topMax = 50

/** Reads the query of `GET /api/summary`, or says which parameter is wrong and what it would take. */
export const parseSummaryQuery = (query: URLSearchParams, limits: WindowLimits): Parsed<SummaryQuery> =>
  parseQuery(query, [...windowParameters, 'family', 'stream', 'top', 'lang'], (parameters) => ({
    ...readWindowQuery(parameters, limits),
    streams: parameters.choices('stream', streamIds) ?? streamIds,
    families: parameters.choices('family', familyIds),
    top: parameters.number('top', 1, topMax, 10),
    language: parameters.choice('lang', languages, 'en'),
  }))

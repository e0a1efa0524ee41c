import { type SeriesBy, type SeriesMeasure, seriesBys, seriesChoices, seriesMeasures } from '../aggregates/series'
import { type Language, languages } from '../failures/words'
import { type Parameters, type Parsed, parseQuery, refuse } from './queryParameters'
import { readWindowQuery, type WindowLimits, type WindowQuery, windowParameters } from './windowQuery'

/** A read request for `GET /api/series`. */
export interface SeriesQuery extends WindowQuery {
  readonly measure: SeriesMeasure
  readonly by: SeriesBy
  readonly format: 'json' | 'csv'
  readonly top: number
  readonly language: Language
}

const topMax = 50

/** Reads the query of `GET /api/series`, or says which parameter is wrong and what it would take. */
export const parseSeriesQuery = (query: URLSearchParams, limits: WindowLimits): Parsed<SeriesQuery> =>
  parseQuery(query, [...windowParameters, 'measure', 'by', 'format', 'top', 'lang'], (parameters) => ({
    ...readWindowQuery(parameters, limits),
    ...readMeasure(parameters),
    format: parameters.choice('format', ['json', 'csv'], 'json'),
    top: parameters.number('top', 1, topMax, 10),
    language: parameters.choice('lang', languages, 'en'),
  }))

function readMeasure(parameters: Parameters): Pick<SeriesQuery, 'measure' | 'by'> {
  const measure = parameters.choice('measure', seriesMeasures, 'signIns')
  const by = parameters.choice('by', seriesBys, 'outcome')
  if (!seriesChoices[measure].includes(by)) {
    refuse('parameter-contradictory', 'by', `"measure=${measure}" goes with "by" ${seriesChoices[measure].join(', ')}.`)
  }
  return { measure, by }
}

import { languages } from '../failures/words'
import type { CatalogueQuery } from '../pipelines/answerCatalogue'
import { type Parsed, parseQuery } from './queryParameters'

/** Reads the query of `GET /api/catalogue`, or says which parameter is wrong and what it would take. */
export const parseCatalogueQuery = (query: URLSearchParams): Parsed<CatalogueQuery> =>
  parseQuery(query, ['lang'], (parameters) => ({ language: parameters.choice('lang', languages, 'en') }))

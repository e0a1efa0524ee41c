import { MonitorError } from '../runtime/errors'
import { unreadableAnswer } from './wholeAnswer'

/** What a failed call to Table Storage said: its HTTP status (0 where no answer came) and the service's own code. */
export interface TableFailure {
  readonly status: number
  readonly code: string
  readonly message: string
}

/**
 * Reads what the SDK throws. The service's code stands in different places for a single operation and for a transaction.
 * @see https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes
 */
export function tableFailure(error: unknown): TableFailure {
  const facts = isRecord(error) ? error : {}
  const details = isRecord(facts['details']) ? facts['details'] : {}
  const odataError = isRecord(details['odataError']) ? details['odataError'] : {}
  return {
    status: typeof facts['statusCode'] === 'number' ? facts['statusCode'] : 0,
    code: firstWord(odataError['code'], facts['code'], facts['name']),
    message: firstText(facts['message']),
  }
}

/** Whether the failure says that the row, not the table, is gone, changed or already there. */
export const isRowFailure = ({ status, code }: TableFailure): boolean =>
  status === 412 || (status === 409 && code === 'EntityAlreadyExists') || (status === 404 && code !== 'TableNotFound')

/** The position of the operation that made a transaction fail; undefined where the answer does not say. */
export function failedOperation(failure: TableFailure): number | undefined {
  const position = /^(\d{1,3}):/.exec(failure.message)?.[1]
  return position === undefined ? undefined : Number(position)
}

/** The error for a table that cannot be used now: what was wrong and what mends it. */
export function tableUnavailable(error: unknown, table: string, host: string): MonitorError {
  const failure = tableFailure(error)
  return new MonitorError('table-unavailable', `The table ${table} at ${host} ${whatHappened(failure)}`, { cause: error })
}

/** What Node calls a certificate whose authority it does not know. */
const untrusted = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_)/

function whatHappened({ status, code }: TableFailure): string {
  if (code === 'TableBeingDeleted')
    return 'is being deleted. Its name is free again some minutes after the deletion; then it is created anew.'
  if (status === 404) return 'does not exist and could not be created.'
  if (status === 401 || status === 403) {
    return `refuses this identity (${status} ${code}). It needs the role Storage Table Data Contributor, and the network rules of the account have to let it in.`
  }
  if (status === 0 && code === 'PARSE_ERROR') return 'broke off in the middle of its answer. The next run asks again.'
  if (code === unreadableAnswer || code === 'PARSE_ERROR') {
    return 'gave an answer that is not that of a table service: something between here and there may have changed it.'
  }
  if (status === 429 || status >= 500) return `is busy or fails (${status} ${code}). The next run asks again.`
  if (status > 0) return `answered ${status} ${code}.`
  if (code === 'AbortError' || code === 'TimeoutError') return 'did not answer in time. The next run asks again.'
  if (untrusted.test(code)) {
    return `could not be reached (${code}): where a proxy inspects TLS, name its authority's certificate in NODE_EXTRA_CA_CERTS.`
  }
  return `could not be reached (${code}).`
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const firstText = (...values: unknown[]): string =>
  values.find((value): value is string => typeof value === 'string' && value !== '') ?? 'unknown'

/** Codes are single words; anything else is somebody's text and stays unsaid. */
const firstWord = (...values: unknown[]): string =>
  firstText(...values.filter((value) => typeof value === 'string' && /^\w[\w-]{0,79}$/.test(value)))

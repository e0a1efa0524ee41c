import type { AlertRule, OutboxRow } from '../alerts/alert'
import type { Notifier } from '../pipelines/ports'
import type { FailureReason } from '../runtime/errors'
import { isMatch, type ReceiverRequest } from './receiver'
import { type ReceiverSettings, receiverOf } from './receivers'
import { refused, type SendOptions, sendSafely } from './sendSafely'

/** How notifications are sent. */
export interface NotifierOptions extends SendOptions {
  readonly receivers: readonly ReceiverSettings[]
  readonly publicBaseUrl: string | undefined
  readonly rules: readonly AlertRule[]
}

/**
 * Sends notifications over HTTP, one attempt at a time, as {@link sendSafely} does. A receiver that is not known is dead; a
 * notification that its receiver cannot word is tried again, as after a release it may be.
 */
export function createNotifier(options: NotifierOptions): Notifier {
  const byId = new Map(options.receivers.map((settings) => [settings.id, settings]))
  return {
    receivers: (alert) => options.receivers.filter(({ match }) => isMatch(match, alert)).map(({ id }) => id),
    deliver: async (row) => {
      try {
        const settings = byId.get(row.receiver)
        const request = settings && requestOf(row, settings, options)
        return request ? await sendSafely(request, options) : refused
      } catch {
        return { kind: 'retry', reason: 'clientError' satisfies FailureReason, retryAfterSeconds: undefined }
      }
    },
  }
}

const requestOf = (row: OutboxRow, settings: ReceiverSettings, options: NotifierOptions): ReceiverRequest | undefined =>
  receiverOf(settings.kind)?.request(
    { id: row.id, at: options.clock(), content: row.content, rules: options.rules, publicBaseUrl: options.publicBaseUrl },
    settings,
  )

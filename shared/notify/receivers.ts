import type { Receiver } from './receiver'
import { type WebhookSettings, webhook } from './receivers/webhook'

/** The settings of a receiver of any kind. */
export type ReceiverSettings = WebhookSettings

/** Every kind of receiver there is. */
export const receivers: readonly Receiver<ReceiverSettings>[] = [webhook]

/** The receiver of a kind; undefined for a kind that there is not. */
export const receiverOf = (kind: unknown): Receiver<ReceiverSettings> | undefined => receivers.find((receiver) => receiver.kind === kind)

import { Webhook } from 'standardwebhooks'
import * as z from 'zod/mini'
import { notificationBody } from '../../alerts/alertBody'
import { type CommonSettings, commonFields, type Receiver } from '../receiver'
import { secretUrl } from '../secretUrl'

/** A receiver of the documented JSON body, signed by Standard Webhooks. */
export interface WebhookSettings extends CommonSettings {
  readonly kind: 'webhook'
  readonly url: string
  /** One secret, or the new and the old one while they are changed over: then both sign. */
  readonly secret: string | readonly string[]
}

const secretBytesMin = 24
const secretBytesMax = 64

const secret = z
  .string()
  .check(z.refine(isSecret, { error: `has to be whsec_ and the base64 of ${secretBytesMin} to ${secretBytesMax} random bytes` }))

/**
 * The signature covers the id, the time of the attempt and the body as it is sent; the id is the receiver's key against doubles.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhook: Receiver<WebhookSettings> = {
  kind: 'webhook',
  settings: z.strictObject({
    ...commonFields,
    kind: z.literal('webhook'),
    url: secretUrl(),
    secret: z.union([secret, z.array(secret).check(z.minLength(1), z.maxLength(4))], {
      error: `has to be whsec_ and the base64 of ${secretBytesMin} to ${secretBytesMax} random bytes, or a list of up to four of these`,
    }),
  }),
  request: ({ id, at, content, rules, publicBaseUrl }, settings) => {
    const body = JSON.stringify(notificationBody(content, { language: settings.lang, rules, publicBaseUrl }))
    const secrets = typeof settings.secret === 'string' ? [settings.secret] : settings.secret
    return {
      method: 'POST',
      url: settings.url,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at / 1000)),
        'webhook-signature': secrets.map((each) => new Webhook(each).sign(id, new Date(at), body)).join(' '),
      },
      body,
    }
  },
}

function isSecret(text: string): boolean {
  const encoded = text.startsWith('whsec_') ? text.slice('whsec_'.length) : ''
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.length % 4 !== 0) return false
  const { length } = Buffer.from(encoded, 'base64')
  return length >= secretBytesMin && length <= secretBytesMax
}

import type { Heartbeat } from '../pipelines/ports'
import { type SendOptions, sendSafely } from './sendSafely'

/** With it a run of 55 seconds ends before the next one is due. */
const timeoutMs = 5_000

/**
 * Beats by a GET without a body, which is what services that wait for a sign of life have in common: Healthchecks takes
 * HEAD, GET and POST, Better Stack GET and POST, Uptime Kuma GET and POST. Never throws; nothing of the address is in a result.
 * @see https://healthchecks.io/docs/http_api/
 * @see https://betterstack.com/docs/uptime/cron-and-heartbeat-monitor
 */
export const createHeartbeat = (options: SendOptions & { readonly url: string }): Pick<Heartbeat, 'beat'> => ({
  beat: () => sendSafely({ method: 'GET', url: options.url, headers: {} }, { timeoutMs, ...options }),
})

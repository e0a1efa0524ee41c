import { type EndedRun, type HeartbeatReason, heartbeatReason } from '../../shared/alerts/heartbeatReason'
import type { StreamStatus } from '../../shared/signIns/completeness'
import type { StreamState } from '../../shared/signIns/streamState'

const streamsIn = (...states: StreamState[]): StreamStatus[] => states.map((state) => ({ state }) as StreamStatus)
const good: EndedRun = { result: 'ok', isHeld: true, failedSteps: [], streams: streamsIn('current', 'current') }

test.each<[story: string, run: Partial<EndedRun>, reason: HeartbeatReason]>([
  ['a run without a problem', {}, 'beat'],
  ['a bucket that failed while every stream is current', { result: 'partial' }, 'beat'],
  ['a stream that is left out by setting', { streams: streamsIn('current', 'disabled') }, 'beat'],
  ['a stream that Graph refuses beside one that it gives', { result: 'partial', streams: streamsIn('current', 'forbidden') }, 'beat'],
  ['streams that the licence or the cloud lacks', { streams: streamsIn('unlicensed', 'unavailable', 'current') }, 'beat'],
  ['a run that failed, however current the streams still are', { result: 'failed' }, 'run-failed'],
  ['alerts that could not be looked at', { result: 'partial', failedSteps: ['alerts'] }, 'step-failed'],
  ['notifications that could not be sent', { result: 'partial', failedSteps: ['notifications'] }, 'step-failed'],
  ['a stream that is stalled', { streams: streamsIn('current', 'stalled') }, 'stream-not-current'],
  ['a stream that lags', { streams: streamsIn('behind') }, 'stream-not-current'],
  ['a stream of which nothing was read yet', { streams: streamsIn('current', 'starting') }, 'stream-not-current'],
  ['nothing but refusals', { streams: streamsIn('forbidden', 'disabled') }, 'nothing-readable'],
  ['no stream at all', { streams: [] }, 'nothing-readable'],
  ['a run that another instance took over', { isHeld: false }, 'run-taken-over'],
  ['a lost run that failed too', { isHeld: false, result: 'failed', failedSteps: ['alerts'] }, 'run-taken-over'],
  ['a failed run with a failed step', { result: 'failed', failedSteps: ['gather'] }, 'run-failed'],
])('heartbeatReason: %s', (_story, run, reason) => expect(heartbeatReason({ ...good, ...run })).toBe(reason))

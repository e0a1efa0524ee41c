/**
 * What a life may come through beside its faults. A situation that never came up in many seeds was not tested, whatever
 * the seeds say.
 */
export const situationIds = [
  // Reading.
  'reading-of-several-pages',
  'settled-after-1h',
  'settled-after-6h',
  'settled-after-24h',
  'late-sign-in-added',
  'smaller-reading-waited',
  'smaller-reading-agreed',
  'version-conflict',
  // Coarser rows and retention.
  'hour-read-directly',
  'hour-made-again',
  'hour-sealed',
  'day-made',
  'day-sealed',
  'day-of-23-hours',
  'day-of-25-hours',
  'bucket-expired',
  'hour-expired',
  // Runs and instances.
  'run-refused-beside-another',
  'run-taken-over',
  'two-instances-read',
  // What others see.
  'window-complete',
  'window-with-a-hole',
  'notification-sent',
  'notification-sent-again',
] as const

export type SituationId = (typeof situationIds)[number]

/** How often each thing of some kind happened. */
export class Occurrences<Id extends string> {
  readonly counts = new Map<Id, number>()

  note(id: Id): void {
    this.counts.set(id, (this.counts.get(id) ?? 0) + 1)
  }
}

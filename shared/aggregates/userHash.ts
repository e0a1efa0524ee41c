import { createHmac } from 'node:crypto'
import { sketchEntry } from './sketch'

/** Turns user ids into entries of a {@link Sketch} from which nobody can be found again without the key. */
export interface UserHasher {
  /** Names the key without giving it away: sketches made with different keys do not merge. */
  readonly keyId: string
  /** The sketch entry of a user; the casing of the id does not matter. */
  readonly hash: (userId: string) => number
}

/** Users whose entries are remembered; beyond it the memory starts anew. */
const rememberedUsersMax = 200_000

/** A hasher by HMAC-SHA-256 with a secret key. */
export function userHasher(key: string): UserHasher {
  const remembered = new Map<string, number>()
  return {
    keyId: createHmac('sha256', key).update('id of this key').digest('hex').slice(0, 8),
    hash: (userId) => {
      const known = remembered.get(userId)
      if (known !== undefined) return known
      if (remembered.size >= rememberedUsersMax) remembered.clear()
      const entry = sketchEntry(createHmac('sha256', key).update(`user ${userId.toLowerCase()}`).digest())
      remembered.set(userId, entry)
      return entry
    },
  }
}

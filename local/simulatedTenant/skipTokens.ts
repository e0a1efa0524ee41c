import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Place } from './signInPage'

/** Hands out places as opaque tokens that only the same server can read, and only for the same query. */
interface SkipTokens {
  seal(queryKey: string, place: Place): string
  /** Undefined for a token that was made up, changed, or handed out for another query. */
  open(queryKey: string, token: string): Place | undefined
}

const cipher = 'aes-256-gcm'
const ivLength = 12
const tagLength = 16
const placeShape = z.tuple([z.number(), z.string()])

/** Tokens under a key that lives as long as the server. */
export function createSkipTokens(): SkipTokens {
  const key = randomBytes(32)
  return {
    seal(queryKey, { happenedAt, id }) {
      const iv = randomBytes(ivLength)
      const sealing = createCipheriv(cipher, key, iv).setAAD(Buffer.from(queryKey))
      const sealed = Buffer.concat([sealing.update(JSON.stringify([happenedAt, id])), sealing.final()])
      return Buffer.concat([iv, sealing.getAuthTag(), sealed]).toString('base64url')
    },
    open(queryKey, token) {
      const bytes = Buffer.from(token, 'base64url')
      try {
        const opening = createDecipheriv(cipher, key, bytes.subarray(0, ivLength)).setAAD(Buffer.from(queryKey))
        opening.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength))
        const text = Buffer.concat([opening.update(bytes.subarray(ivLength + tagLength)), opening.final()]).toString()
        const [happenedAt, id] = placeShape.parse(JSON.parse(text))
        return { happenedAt, id }
      } catch {
        return undefined
      }
    },
  }
}

import type { IncomingMessage } from 'node:http'

/** The longest request body that the local host takes, in bytes. */
export const bodyBytesMax = 1024 * 1024

/** A request body that is longer than {@link bodyBytesMax}. */
export class BodyTooLong extends Error {
  constructor() {
    super(`A request body is at most ${bodyBytesMax} bytes.`)
    this.name = 'BodyTooLong'
  }
}

/** Throws {@link BodyTooLong} before a byte is read where the length was announced. */
export const refuseAnnouncedLength = (request: IncomingMessage): void => {
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) throw new BodyTooLong()
}

/** The whole body, with or without an announced length. Throws {@link BodyTooLong} as soon as it grows beyond the bound. */
export const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  refuseAnnouncedLength(request)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyBytesMax) throw new BodyTooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

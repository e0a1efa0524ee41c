import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A certificate and its key, both as PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
}

/** An authority that exists only in a test, and the certificates that it issues. */
export interface CertificateAuthority {
  readonly certificate: string
  issue(hostname: string): Certified
}

const dayMs = 86_400_000

/**
 * Makes an authority with a key of its own. Node can read certificates but not make them, hence the few structures of
 * X.509 here, in their DER encoding.
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function createCertificateAuthority(): CertificateAuthority {
  const authority = keyPair()
  const name = 'Inspecting proxy of a test'
  const certify = (subject: string, publicKey: KeyObject, extensions: readonly Buffer[]): string => {
    const facts = sequence(
      context(0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
      ecdsaWithSha256,
      distinguishedName(name),
      sequence(time(Date.now() - dayMs), time(Date.now() + dayMs)),
      distinguishedName(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      context(3, sequence(...extensions)),
    )
    return pem('CERTIFICATE', sequence(facts, ecdsaWithSha256, bitString(sign('sha256', facts, authority.privateKey))))
  }
  return {
    certificate: certify(name, authority.publicKey, [basicConstraintsOfAuthority]),
    issue: (hostname) => {
      const { publicKey, privateKey } = keyPair()
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      return { certificate: certify(hostname, publicKey, [alternativeName(hostname)]), key }
    },
  }
}

const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })

function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = Buffer.from(body.length.toString(16).padStart(4, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 + length.length]), length, body])
}

const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content)
const context = (number: number, content: Buffer): Buffer => der(0xa0 + number, content)
const integer = (bytes: Buffer): Buffer => der(0x02, bytes)
const bitString = (bytes: Buffer): Buffer => der(0x03, Buffer.from([0]), bytes)
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const time = (at: number): Buffer => der(0x18, Buffer.from(`${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)}Z`))
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
const distinguishedName = (name: string): Buffer => sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(name)))))
const critical = der(0x01, Buffer.from([0xff]))
const basicConstraintsOfAuthority = sequence(objectId('551d13'), critical, der(0x04, sequence(critical)))
const alternativeName = (hostname: string): Buffer => sequence(objectId('551d11'), der(0x04, sequence(der(0x82, Buffer.from(hostname)))))

const pem = (label: string, bytes: Buffer): string =>
  [`-----BEGIN ${label}-----`, ...(bytes.toString('base64').match(/.{1,64}/g) ?? []), `-----END ${label}-----`, ''].join('\n')

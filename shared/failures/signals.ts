import { remembering } from '../signIns/remembering'
import type { KeyValue, SignIn } from '../signIns/signIn'
import type { StreamId } from '../signIns/streams'
import { codeRows } from './catalogue'
import { type SignalId, signalIds } from './catalogueTypes'
import { commandLineApps, isOneOf } from './firstPartyApps'
import { legacyAuthentication } from './legacyAuthentication'
import { isApplication, isNonInteractive } from './signInStream'
import { flagTest, spelled } from './spelled'
import type { Words } from './words'

/** One signal: its words, and how a row tells it. */
export interface Signal {
  readonly id: SignalId
  readonly title: Words
  /** What a true one says and what it does not, in one or two sentences. */
  readonly meaning: Words
  /** `undefined` where the row cannot tell, which is never the same as false. */
  readonly read: (signIn: SignIn, stream: StreamId | undefined) => boolean | undefined
}

const noUser = '00000000-0000-0000-0000-000000000000'

/** Graph's stand-in for members that a request did not ask for. */
const sentinel = 'unknownfuturevalue'
const isSentinel = flagTest(new Set([sentinel]))

/**
 * The signals in the order of their bits.
 * @see https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta
 */
export const signals: readonly Signal[] = [
  {
    id: 'legacyTls',
    title: { en: 'Legacy TLS', ja: 'レガシ TLS' },
    meaning: {
      en: 'The client spoke TLS 1.0, TLS 1.1 or 3DES. A sign-in that still succeeds this way fails as soon as the old protocol is refused.',
      ja: 'クライアントが TLS 1.0、TLS 1.1 または 3DES を使用しました。この状態で成功しているサインインは、古いプロトコルが拒否された時点で失敗します。',
    },
    read: (signIn) => legacyTls(signIn.authenticationProcessingDetails),
  },
  {
    id: 'servedByBackupAuth',
    title: { en: 'Served by the backup authentication system', ja: 'バックアップ認証システムによる処理' },
    meaning: {
      en: 'The backup authentication system issued the token. Microsoft also uses it in a monthly exercise, so by itself it is no sign of an outage.',
      ja: 'バックアップ認証システムがトークンを発行しました。Microsoft による月次の演習でも使われるため、これだけでは停止を意味しません。',
    },
    read: (signIn) => servedByBackupAuth(signIn.tokenIssuerType),
  },
  {
    id: 'tenantRestricted',
    title: { en: 'Subject to a tenant restriction', ja: 'テナント制限の適用対象' },
    meaning: {
      en: 'A tenant restriction policy applied to the sign-in. It says nothing of the result: successes carry it too.',
      ja: 'サインインにテナント制限ポリシーが適用されました。結果を示すものではなく、成功したサインインにも付きます。',
    },
    read: (signIn) => signIn.isTenantRestricted,
  },
  {
    id: 'masked',
    title: { en: 'Masked identity', ja: 'マスクされた ID' },
    meaning: {
      en: 'The user belongs to another tenant and Microsoft removed the personal data: foreign tenant usage on a network that announces a tenant restriction, blocked or not.',
      ja: 'ユーザーが他のテナントに属するため、Microsoft が個人情報を削除しています。ブロックの有無にかかわらず、テナント制限を通知するネットワークから他テナントが利用されたことを示します。',
    },
    read: masked,
  },
  {
    id: 'automation',
    title: { en: 'Automation', ja: '自動処理' },
    meaning: {
      en: 'An application identity, a command-line tool, a device code or a password grant signed in: most likely a script.',
      ja: 'アプリケーション ID、コマンドライン ツール、デバイス コード、またはパスワード許可によるサインインであり、スクリプトの可能性が高いものです。',
    },
    read: automation,
  },
  {
    id: 'crossTenant',
    title: { en: 'Crosses tenants', ja: 'クロステナント サインイン' },
    meaning: {
      en: 'The account and the resource belong to different tenants.',
      ja: 'アカウントとリソースが異なるテナントに属しています。',
    },
    read: crossTenant,
  },
  {
    id: 'throughGlobalSecureAccess',
    title: { en: 'Through Global Secure Access', ja: 'グローバル セキュア アクセス経由' },
    meaning: {
      en: 'The sign-in came through Global Secure Access, which is how universal tenant restrictions are enforced.',
      ja: 'サインインがグローバル セキュア アクセスを経由しました。ユニバーサル テナント制限はこの経路で適用されます。',
    },
    read: (signIn) => signIn.isThroughGlobalSecureAccess,
  },
  {
    id: 'legacyAuthentication',
    title: { en: 'Legacy authentication', ja: 'レガシ認証' },
    meaning: {
      en: 'The client used a protocol without modern authentication, which goes around header-based tenant restrictions and cannot answer an MFA prompt.',
      ja: '先進認証を使わないプロトコルです。ヘッダーによるテナント制限を迂回し、多要素認証の要求にも応答できません。',
    },
    read: (signIn) => legacyAuthentication(signIn.clientAppUsed),
  },
  {
    id: 'backupAuthEligible',
    title: { en: 'Would be served in an outage', ja: '停止時にバックアップ認証の対象' },
    meaning: {
      en: 'As far as one row can tell, the sign-in meets the published conditions of the backup authentication system: a managed identity, or a silent token refresh of a home tenant member on a known device.',
      ja: '1 件のログから判断できる範囲で、バックアップ認証システムの公開条件を満たしています (マネージド ID、またはホーム テナントのメンバーが既知のデバイスで行うサイレント更新)。',
    },
    read: backupAuthEligible,
  },
]

const readers = signalIds.map((id) => signals.find((signal) => signal.id === id)?.read ?? (() => undefined))

/** How far `isTrue` is above `known` in {@link packedSignals}. */
export const signalBits = signalIds.length

/** All signals of a row in one number: the bits of the known ones, and above them the bits of the true ones. */
export function packedSignals(signIn: SignIn, stream: StreamId | undefined): number {
  let known = 0
  let isTrue = 0
  for (let bit = 0; bit < readers.length; bit++) {
    const value = readers[bit]?.(signIn, stream)
    if (value === undefined) continue
    known |= 1 << bit
    if (value) isTrue |= 1 << bit
  }
  return known | (isTrue << signalBits)
}

/** Anchored, because it is asked for every detail of every row; spelling and punctuation of the key drift. */
const legacyTlsKey = /^[^a-z]*legacy[^a-z]*tls/i

/** Whether a key is that of the detail about old TLS; there are few different keys. */
const isLegacyTlsKey = remembering((key) => legacyTlsKey.test(key), 1_000)

/** Whether the first letter alone rules the key out, which is so for most details. */
function startsOtherwise(key: string): boolean {
  const lowerCase = key.charCodeAt(0) | 0x20
  return lowerCase >= 0x61 && lowerCase <= 0x7a && lowerCase !== 0x6c
}

/** The value decides: real rows carry the key with `False`, and a row without it was not seen on an old protocol. */
function legacyTls(details: readonly KeyValue[] | undefined): boolean | undefined {
  if (details === undefined) return undefined
  let answer: boolean | undefined = false
  for (const { key, value } of details) {
    if (startsOtherwise(key) || !isLegacyTlsKey(key)) continue
    const read = yesOrNo.get(value) ?? yesOrNo.get(value.trim().toLowerCase())
    if (read === true) return true
    answer = read
  }
  return answer
}

const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ['True', true],
  ['False', false],
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])

/** Graph's names, and how the portal spells the one that matters. Every other name is another issuer. */
const backupIssuers = new Set(['azureadbackupauth', 'microsoftentrabackupauth'])

/** Graph says `unknownFutureValue` for the backup issuer too, when the request did not ask for unknown members. */
function servedByBackupAuth(issuer: string | undefined): boolean | undefined {
  if (issuer === undefined || issuer === '') return undefined
  if (issuer === 'AzureAD') return false
  const name = spelled(issuer)
  if (name === '' || name === sentinel) return undefined
  return backupIssuers.has(name)
}

function masked(signIn: SignIn, stream: StreamId | undefined): boolean | undefined {
  const { userPrincipalName, userDisplayName, servicePrincipalName, userId } = signIn
  if (isRemoved(userPrincipalName) || isRemoved(userDisplayName) || isRemoved(servicePrincipalName) || isRemoved(userId)) return true
  if (isApplication(stream)) return false
  if (userId === noUser) {
    if (signIn.isTenantRestricted === true || isTenantRestrictionCode(signIn.status?.errorCode)) return true
    return signIn.isTenantRestricted === undefined && userPrincipalName === undefined ? undefined : false
  }
  return userId === undefined && userPrincipalName === undefined && userDisplayName === undefined ? undefined : false
}

const isTenantRestrictionCode = (code: number | undefined): boolean =>
  code !== undefined && codeRows.get(code)?.family === 'tenant-restriction'

/** `{PII Removed}`, `{PII Removed}@domain.com` and `{PII removed - Tenant Restrictions}`. */
const isRemoved = (text: string | undefined): boolean => text?.startsWith('{') === true && text.slice(1, 12).toLowerCase() === 'pii removed'

const isScripted = flagTest(new Set(['ropc', 'devicecode']))

function automation(signIn: SignIn, stream: StreamId | undefined): boolean | undefined {
  if (isApplication(stream) || isOneOf(commandLineApps, signIn.appId)) return true
  const protocol = signIn.authenticationProtocol
  if (isScripted(protocol)) return true
  return signIn.appId === undefined && protocol === undefined ? undefined : false
}

function crossTenant({ crossTenantAccessType: types, homeTenantId, resourceTenantId }: SignIn): boolean | undefined {
  if (types !== undefined && types.length > 0 && !isSentinel(types)) return types.length > 1 || !isNoAccess(types)
  if (!homeTenantId || !resourceTenantId || homeTenantId === noUser || resourceTenantId === noUser) return undefined
  return homeTenantId !== resourceTenantId && homeTenantId.toLowerCase() !== resourceTenantId.toLowerCase()
}

const isNoAccess = flagTest(new Set(['none']))

/** Grants that the system never serves, whoever signs in. */
const isNeverServed = flagTest(new Set(['ropc', 'devicecode', 'clientcredentials', 'onbehalfof']))
const dependsOnStarter = flagTest(new Set(['saml20']))
/** On a user's row they mean a confidential web application. */
const confidentialCredentials = new Set(['clientsecret', 'clientassertion', 'certificate'])
const sessionTokens = new Set(['refreshtoken', 'primaryrefreshtoken'])

/**
 * A row proves a "no" by what the system never serves. It is a "yes" when it is itself the silent success of a home tenant
 * member on a known device; disabled resilience defaults and later revocations are not in a row.
 * @see https://learn.microsoft.com/entra/architecture/backup-authentication-system-apps
 */
function backupAuthEligible(signIn: SignIn, stream: StreamId | undefined): boolean | undefined {
  if (stream === 'managedIdentity') return true
  if (stream === 'servicePrincipal') return false
  const protocol = signIn.authenticationProtocol
  if (isNeverServed(protocol)) return false
  if (signIn.clientCredentialType !== undefined && confidentialCredentials.has(spelled(signIn.clientCredentialType))) return false
  const isCrossTenant = crossTenant(signIn)
  const userType = signIn.userType === undefined ? undefined : spelled(signIn.userType)
  if (isCrossTenant === true || userType === 'guest') return false
  const isHomeMember = isCrossTenant === false && userType === 'member'
  const isServed = isHomeMember && isSilent(signIn, stream) && isOnKnownDevice(signIn) && signIn.status?.errorCode === 0
  return isServed && !dependsOnStarter(protocol) && !isLimitedByPolicy(signIn) ? true : undefined
}

const isSilent = (signIn: SignIn, stream: StreamId | undefined): boolean =>
  isNonInteractive(signIn, stream) && signIn.incomingTokenType !== undefined && sessionTokens.has(spelled(signIn.incomingTokenType))

const isOnKnownDevice = ({ deviceDetail }: SignIn): boolean => Boolean(deviceDetail?.deviceId) && !isRemoved(deviceDetail?.deviceId)

const limitingSessionPolicies = new Set(['signinfrequencyperiodicreauthentication', 'signinfrequencyeverytime'])

/** Published pages differ on whether these policies keep the system from serving, so they leave the answer open. */
function isLimitedByPolicy({ sessionLifetimePolicies, authenticationRequirementPolicies }: SignIn): boolean {
  for (const { expirationRequirement } of sessionLifetimePolicies ?? []) {
    if (expirationRequirement !== undefined && limitingSessionPolicies.has(spelled(expirationRequirement))) return true
  }
  for (const { requirementProvider } of authenticationRequirementPolicies ?? []) {
    if (requirementProvider !== undefined && spelled(requirementProvider) === 'authenticationstrengths') return true
  }
  return false
}

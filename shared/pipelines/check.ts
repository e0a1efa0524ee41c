import type { OutboxRow } from '../alerts/alert'
import type { Instant } from '../signIns/instant'

/** The body of `GET /api/check`: what works, what is missing, and the one command that mends it. Nothing in it is secret. */
export interface Check {
  readonly schemaVersion: 1
  readonly status: 'ok' | 'incomplete'
  readonly version: string
  readonly tenantId: string
  /** Object id of the app's identity, and when its token for Graph was issued; null where the token does not say it. */
  readonly identity: { readonly principal: string | null; readonly tokenIssuedAt: string | null }
  readonly items: readonly CheckItem[]
}

/** One thing that was looked at. Only `missing` needs somebody; `optional` could be better, `unknown` cannot be seen from here. */
export interface CheckItem {
  readonly area: 'storage' | 'permission' | 'licence' | 'retention' | 'stream' | 'setting' | 'receiver' | 'heartbeat'
  readonly name: string
  readonly state: 'ok' | 'missing' | 'optional' | 'unknown'
  readonly detail: string
  /** A command, or a sentence where no command does it; null where nothing is to be done. */
  readonly mend: string | null
}

/** A former name that a setting is given under, and what is to be said of it. */
export interface FormerName {
  readonly name: string
  readonly words: string
}

/** A setting as it was given. */
export interface SettingFacts {
  readonly name: string
  readonly isGiven: boolean
  /** The former name that the environment uses for it. */
  readonly formerName?: FormerName | undefined
  /** Where its secret is, as far as the deployment said it. */
  readonly secret?: SecretPlace | undefined
}

/** A secret of a vault, by names that open nothing. */
export interface SecretPlace {
  readonly vault: string
  readonly name: string
}

/** Where the monitor runs: what mends a thing in Azure does not on a computer of one's own. */
export type Place = 'azure' | 'local'

/** What is looked at beside the stores. */
export interface CheckFacts {
  readonly place: Place
  readonly token: TokenFacts
  readonly settings: readonly SettingFacts[]
  readonly receivers: readonly string[]
  /** Names that commands take, by the word that stands for each in {@link mendWords}; a word without a name stays as it is. */
  readonly names: MendNames
}

/** The words that stand in a command for what is not known before it is answered; where the deployment puts it out, its output has the same name. */
export const mendWords = [
  'MONITOR_APP_NAME',
  'MONITOR_RESOURCE_GROUP',
  'MONITOR_PRINCIPAL_ID',
  'MONITOR_STORAGE_NAME',
  'MONITOR_VAULT_NAME',
] as const

export type MendNames = Readonly<Partial<Record<(typeof mendWords)[number], string | undefined>>>

/** The item with every known name in its command; a word whose name is missing or empty stays. */
export function withNames(item: CheckItem, names: MendNames): CheckItem {
  if (item.mend === null) return item
  return { ...item, mend: mendWords.reduce((mend, word) => mend.replaceAll(word, names[word] || word), item.mend) }
}

/** What the token for Graph says: the roles of an app, or the scopes of a person, whose id is not ours to repeat. */
export type TokenFacts =
  | {
      readonly kind: 'app' | 'person'
      readonly permissions: readonly string[]
      readonly issuedAt: Instant | undefined
      /** Id of the tenant that it opens, in small letters. */
      readonly tenant: string | undefined
      /** Object id of the app's identity. */
      readonly principal: string | undefined
    }
  | { readonly kind: 'none'; readonly reason: string }

/** What came of the newest notification for each receiver that was told anything. */
export interface ReceiverHistory {
  newest(): Promise<readonly Pick<OutboxRow, 'receiver' | 'state' | 'attempts' | 'lastReason'>[]>
}

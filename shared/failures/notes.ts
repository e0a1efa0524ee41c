import type { FailureClassId, FamilyId } from './catalogueTypes'
import type { Words } from './words'

/** What the number of a family cannot see, so that nobody reads a zero as proof. Codes are stable. */
export interface Note {
  readonly code: string
  readonly family: FamilyId
  readonly text: Words
  /** When it is shown; one without a condition always is. */
  readonly when?: NoteCondition
}

/** A condition under which a note says something, and its words. */
export interface NoteCondition {
  readonly words: Words
  readonly holds: (counts: FamilyCounts) => boolean
}

/** What was counted of a family. */
export interface FamilyCounts {
  readonly signIns: number
  readonly ofClass: (id: FailureClassId) => number
  readonly ofCode: (errorCode: number) => number
}

const noneOf = (words: Words, ...codes: readonly number[]): NoteCondition => ({
  words,
  holds: (counts) => codes.every((code) => counts.ofCode(code) === 0),
})

const noV1 = noneOf({ en: 'no v1 block was counted', ja: 'v1 のブロックが 0 件のとき' }, 500021, 500022, 5000221, 50002)
const noV2 = noneOf({ en: 'no v2 block was counted', ja: 'v2 のブロックが 0 件のとき' }, 5000211)
const noBackup: NoteCondition = {
  words: { en: 'no block of Azure Backup was counted', ja: 'Azure Backup のブロックが 0 件のとき' },
  holds: (counts) => counts.ofClass('tenant-restriction.azure-backup') === 0,
}
const noLegacyTls = noneOf({ en: 'no refusal for old TLS was counted', ja: '古い TLS による拒否が 0 件のとき' }, 1002016)
const some: NoteCondition = {
  words: { en: 'something was counted', ja: '1 件以上数えられたとき' },
  holds: (counts) => counts.signIns > 0,
}

/**
 * @see https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions
 * @see https://learn.microsoft.com/entra/external-id/tenant-restrictions-v2
 * @see https://learn.microsoft.com/entra/identity/conditional-access/resilience-defaults
 */
export const notes: readonly Note[] = [
  {
    code: 'tr-v1-logs-with-context-tenant',
    family: 'tenant-restriction',
    when: noV1,
    text: {
      en: 'A v1 block is logged with the tenant that Restrict-Access-Context names. If the proxy sends another tenant id there, our log has none of them.',
      ja: 'v1 のブロックは Restrict-Access-Context が示すテナントに記録されます。プロキシが別のテナント ID を送信している場合、こちらのログには残りません。',
    },
  },
  {
    code: 'tr-v2-may-log-elsewhere',
    family: 'tenant-restriction',
    text: {
      en: 'A v2 block may be logged only in the target tenant, so there may be more of them than this number says.',
      ja: 'v2 のブロックはサインイン先のテナントにのみ記録されることがあり、実際の件数はこれより多い可能性があります。',
    },
  },
  {
    code: 'tr-v2-none-is-no-proof',
    family: 'tenant-restriction',
    when: noV2,
    text: {
      en: 'No v2 block in this log is no proof that nobody was blocked: ask the users, or look at the page that they see.',
      ja: 'このログに v2 のブロックがなくても、ブロックがなかった証明にはなりません。利用者への確認や、表示された画面の確認を行ってください。',
    },
  },
  {
    code: 'tr-data-plane-not-logged',
    family: 'tenant-restriction',
    text: {
      en: 'Blocks of data access (a resource refuses a token that was issued without the policy) never appear in the sign-in log.',
      ja: 'データ アクセスのブロック (ポリシーなしで発行されたトークンをリソースが拒否したもの) はサインイン ログに記録されません。',
    },
  },
  {
    code: 'consumer-restriction-not-logged',
    family: 'tenant-restriction',
    text: {
      en: 'Consumer accounts that login.live.com refuses (restrict-msa) have no code and no row here: the user sees 80045C4D.',
      ja: 'login.live.com で拒否されたコンシューマー アカウント (restrict-msa) にはエラー コードもログもありません。ユーザーには 80045C4D が表示されます。',
    },
  },
  {
    code: 'tr-backup-logs-with-microsoft',
    family: 'tenant-restriction',
    when: noBackup,
    text: {
      en: "Azure Backup agents sign in to tenants of Microsoft, so our log holds at most a masked row. The agent's own log is the surer source.",
      ja: 'Azure Backup のエージェントは Microsoft のテナントにサインインするため、こちらのログには多くてもマスクされた行しか残りません。エージェント自身のログのほうが確実です。',
    },
  },
  {
    code: 'xta-partner-log-not-seen',
    family: 'cross-tenant',
    text: {
      en: 'Sign-ins of our users that stop in the partner tenant before they reach us, and the reasons of its settings, are only in the log of the partner.',
      ja: 'パートナー テナント側で止まったサインインと、その設定上の理由は、パートナーのログにしか記録されません。',
    },
  },
  {
    code: 'tls-refused-leaves-no-row',
    family: 'tls',
    text: {
      en: 'A refused or broken handshake carries no user and mostly leaves no row. The legacy TLS signal, which counts what still succeeds, says more about what will break.',
      ja: '拒否または中断されたハンドシェイクにはユーザー情報がなく、多くの場合ログに残りません。今も成功しているものを数えるレガシ TLS の信号のほうが、今後失敗するものをよく示します。',
    },
  },
  {
    code: 'tls-none-refused-is-no-proof',
    family: 'tls',
    when: noLegacyTls,
    text: {
      en: 'No refusal here does not mean that no client speaks old TLS: look at the legacy TLS signal and at the output of the clients.',
      ja: '拒否が 0 件でも、古い TLS を使うクライアントがないとは限りません。レガシ TLS の信号とクライアントの出力を確認してください。',
    },
  },
  {
    code: 'tls-interception-not-logged',
    family: 'tls',
    text: {
      en: 'A client that does not trust the inspecting proxy never reaches Entra. Look at the output of the client.',
      ja: 'TLS インスペクションを行うプロキシを信頼しないクライアントは Entra に到達しません。クライアントの出力を確認してください。',
    },
  },
  {
    code: 'backup-auth-presence-is-no-outage',
    family: 'backup-auth',
    text: {
      en: 'Microsoft runs monthly exercises, so tokens of the backup authentication system are normal and prove only that the tenant can be served.',
      ja: 'Microsoft は月次の演習を行うため、バックアップ認証システムによるトークンは正常であり、テナントが対象であることを示すにすぎません。',
    },
  },
  {
    code: 'backup-auth-log-late-in-outage',
    family: 'backup-auth',
    text: {
      en: 'In a real outage the log itself comes late, and what could not be served at all may leave no row.',
      ja: '実際の停止時にはログ自体が遅れ、処理できなかったものはログに残らないことがあります。',
    },
  },
  {
    code: 'backup-auth-codes-are-rare',
    family: 'backup-auth',
    when: some,
    text: {
      en: 'Codes of the backup authentication system are hardly ever seen in public; their meanings come from the error lookup of Microsoft.',
      ja: 'バックアップ認証システムのコードは公開例がほとんどなく、意味は Microsoft のエラー参照ページに基づいています。',
    },
  },
]

/** The notes of a family whose condition holds, in the order in which they are shown; most families have none. */
export const notesOf = (family: FamilyId, counts: FamilyCounts): readonly Note[] =>
  notes.filter((note) => note.family === family && (note.when === undefined || note.when.holds(counts)))

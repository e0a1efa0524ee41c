import type { Words } from '../failures/words'

/** An application permission of Microsoft Graph: whether the monitor works without it, and what it is for. */
export interface GraphPermission {
  readonly value: string
  readonly needed: boolean
  readonly reason: Words
}

/**
 * The permissions that the monitor can make use of, the needed one first. All of them read, none of them writes.
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const graphPermissions: readonly GraphPermission[] = [
  {
    value: 'AuditLog.Read.All',
    needed: true,
    reason: {
      en: 'Reads the sign-in logs, which is all that the monitor does with the tenant.',
      ja: 'サインイン ログを読み取ります。モニターがテナントに対して行うのはこれだけです。',
    },
  },
  {
    value: 'Policy.Read.ConditionalAccess',
    needed: false,
    reason: {
      en: 'Graph then says which Conditional Access policies applied to a sign-in; without it their list is empty.',
      ja: 'サインインに適用された条件付きアクセス ポリシーが Graph から返されます。ない場合、その一覧は空になります。',
    },
  },
  {
    value: 'Policy.Read.All',
    needed: false,
    reason: {
      en: 'Wider than Policy.Read.ConditionalAccess; only for teams whose rules allow no narrower one.',
      ja: 'Policy.Read.ConditionalAccess より広い権限です。より狭い権限を使えない規則があるチーム向けです。',
    },
  },
  {
    value: 'CrossTenantInformation.ReadBasic.All',
    needed: false,
    reason: {
      en: 'Turns the ids of foreign tenants into names. This version takes names from the setting TENANTS and asks for none.',
      ja: '外部テナントの ID を名前に変換します。このバージョンは名前を設定 TENANTS から取得し、照会は行いません。',
    },
  },
  {
    value: 'Directory.Read.All',
    needed: false,
    reason: {
      en: 'Some tenants refuse the sign-in logs with Authentication_ApplicationHasNoDirectoryReadAccess until it is granted. Only there.',
      ja: 'これが付与されるまで Authentication_ApplicationHasNoDirectoryReadAccess でログの読み取りを拒否するテナントがあります。その場合に限ります。',
    },
  },
]

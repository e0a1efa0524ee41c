import type { Words } from '../../shared/failures/words'
import type { SignIn } from '../../shared/signIns/signIn'

/** Something that a form of export may leave out, and what cannot be known then. */
export interface MissingColumn {
  readonly code: string
  /** Whether a sign-in says it. */
  readonly says: (signIn: SignIn) => boolean
  readonly text: Words
}

/** What is asked of every export. A row says nothing of a property that its form has no column for, which is not the same as no. */
export const missingColumns: readonly MissingColumn[] = [
  {
    code: 'export-lacks-tls-detail',
    says: (signIn) => signIn.authenticationProcessingDetails !== undefined,
    text: {
      en: 'No row of this export says which TLS was used: the legacy TLS signal is unknown, not zero.',
      ja: 'このエクスポートには TLS の情報がありません。レガシ TLS の信号は 0 ではなく不明です。',
    },
  },
  {
    code: 'export-lacks-tenant-restriction',
    says: (signIn) => signIn.isTenantRestricted !== undefined,
    text: {
      en: 'No row of this export says whether a tenant restriction applied (isTenantRestricted): blocks show by their codes only.',
      ja: 'このエクスポートにはテナント制限の適用有無 (isTenantRestricted) がありません。ブロックはエラー コードからのみ分かります。',
    },
  },
  {
    code: 'export-lacks-token-issuer',
    says: (signIn) => signIn.tokenIssuerType !== undefined,
    text: {
      en: 'No row of this export names the token issuer: whether the backup authentication system served any is unknown, not zero.',
      ja: 'このエクスポートにはトークン発行者がありません。バックアップ認証システムによる発行は 0 ではなく不明です。',
    },
  },
  {
    code: 'export-lacks-resource-tenant',
    says: (signIn) => signIn.resourceTenantId !== undefined,
    text: {
      en: 'No row of this export names the tenant of the resource: towards which tenant a sign-in went is unknown.',
      ja: 'このエクスポートにはリソースのテナントがありません。サインイン先のテナントは不明です。',
    },
  },
  {
    code: 'export-lacks-cross-tenant-type',
    says: (signIn) => signIn.crossTenantAccessType !== undefined,
    text: {
      en: 'No row of this export has the cross-tenant access type: pass-through and guest sign-ins cannot be told apart.',
      ja: 'このエクスポートにはクロステナント アクセスの種類がありません。パススルーとゲストのサインインを区別できません。',
    },
  },
  {
    code: 'export-lacks-user-id',
    says: (signIn) => signIn.userId !== undefined || signIn.servicePrincipalId !== undefined,
    text: {
      en: 'No row of this export has a user id: distinct users are unknown.',
      ja: 'このエクスポートにはユーザー ID がありません。ユーザー数は不明です。',
    },
  },
]

/** Said when neither a row nor the name of its file tells the stream. */
export const assumedStream: { readonly code: string; readonly text: Words } = {
  code: 'export-lacks-stream',
  text: {
    en: 'Some rows do not say whether a person was asked. They are counted as interactive sign-ins.',
    ja: '対話型かどうか分からない行があります。対話型サインインとして集計しています。',
  },
}

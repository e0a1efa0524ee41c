import type { SignIn } from '../../signIns/signIn'
import type { ClassifyContext } from '../catalogueTypes'
import { codeList, defineFamily, exampleOwnTenantId, examplePartnerTenantId, sharing } from '../defineFamily'
import { homeKind, isPassThrough, targetKind } from '../rowSigns'

/** Codes that say "this account is not in that tenant". */
const missing = [50020, 51004, 90072]

const consumerTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'
const stranger = '5b1d0000-0000-4000-8000-000000000000'

const isOurs = (signIn: SignIn, context: ClassifyContext): boolean => homeKind(signIn, context) === 'own'
const isHere = (signIn: SignIn, context: ClassifyContext): boolean => targetKind(signIn, context) === 'own'

/** Accounts of another tenant that the resource tenant does not know; no policy blocked them. */
export const guest = defineFamily(
  {
    id: 'guest',
    title: { en: 'Guests', ja: 'ゲスト' },
    meaning: {
      en: 'The account is not in the resource tenant as a guest, or not yet, or guests may not do this.',
      ja: 'アカウントがリソース テナントのゲストでないか、招待が未承諾か、ゲストには許可されていない操作です。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'User: sign out and sign in with the right account, and name the tenant (az login --tenant). If it is the right account, the owner of the resource tenant has to invite it as a guest.',
        ja: 'ユーザー: サインアウトして正しいアカウントでサインインし、テナントを指定してください (az login --tenant)。正しいアカウントであれば、リソース テナントの所有者がゲストとして招待する必要があります。',
      },
      mendedBy: 'help-desk',
      severity: 'warning',
      falseAlarm: {
        en: 'Users who pick the wrong one of several accounts see it once and then succeed.',
        ja: '複数のアカウントを持つユーザーが誤って選択した場合に一度発生し、その後成功します。',
      },
      reference:
        'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50020-user-account-identity-provider-does-not-exist',
    },
    [
      {
        id: 'guest.source-anchor-mismatch',
        codes: [90072],
        when: (signIn, context) => isOurs(signIn, context) && isHere(signIn, context),
        condition: { en: 'account and target are both of our own tenant', ja: 'アカウントもサインイン先も自社テナントの場合' },
        title: { en: 'The federated user has another source anchor in Entra', ja: 'フェデレーション ユーザーのソース アンカーの不一致' },
        remedy: {
          en: 'Identity team: the account is one of our own, so it is no guest. Compare its ImmutableID in Entra with the source anchor (mS-DS-ConsistencyGuid or objectGUID) that the identity provider sends, and correct the one that is wrong.',
          ja: 'ID 担当: 自社のアカウントであり、ゲストではありません。Entra の ImmutableID と、ID プロバイダーが送信するソース アンカー (mS-DS-ConsistencyGuid または objectGUID) を比較し、誤っているほうを修正してください。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        falseAlarm: { en: 'While accounts are being migrated between forests.', ja: 'フォレスト間でアカウントを移行している間。' },
        reference: 'https://learn.microsoft.com/entra/identity/hybrid/connect/plan-connect-design-concepts',
        matches: [{ status: { errorCode: 90072 }, homeTenantId: exampleOwnTenantId, resourceTenantId: exampleOwnTenantId }],
        rejects: [
          { status: { errorCode: 90072 }, homeTenantId: examplePartnerTenantId, resourceTenantId: exampleOwnTenantId },
          { status: { errorCode: 50020 }, homeTenantId: exampleOwnTenantId, resourceTenantId: exampleOwnTenantId },
        ],
      },
      {
        id: 'guest.personal-account',
        codes: missing,
        when: (signIn, context) => homeKind(signIn, context) === 'consumer',
        condition: { en: 'the account is a personal Microsoft account', ja: 'アカウントが個人用 Microsoft アカウントの場合' },
        title: { en: 'A personal Microsoft account is not in the tenant', ja: '個人用 Microsoft アカウントがテナントに存在しない' },
        remedy: {
          en: 'User: sign out and sign in with the work account; the browser or the tool has picked the personal one. If the personal account is meant, it has to be invited as a guest.',
          ja: 'ユーザー: サインアウトし、職場アカウントでサインインしてください。ブラウザーまたはツールが個人用アカウントを選択しています。個人用アカウントを使う場合は、ゲストとしての招待が必要です。',
        },
        mendedBy: 'user',
        severity: 'info',
        matches: [
          { status: { errorCode: 50020 }, homeTenantId: consumerTenantId, resourceTenantId: exampleOwnTenantId },
          { status: { errorCode: 90072 }, homeTenantId: consumerTenantId, crossTenantAccessType: ['passthrough'] },
        ],
        rejects: [
          { status: { errorCode: 50020 }, resourceTenantId: consumerTenantId },
          { status: { errorCode: 500204 }, homeTenantId: consumerTenantId },
        ],
      },
      {
        id: 'guest.wrong-tenant',
        codes: missing,
        when: (signIn, context) => isOurs(signIn, context) && signIn.resourceTenantId !== undefined && !isHere(signIn, context),
        condition: {
          en: 'the account is ours and the target is another tenant',
          ja: 'アカウントが自社のもので、サインイン先が他のテナントの場合',
        },
        title: {
          en: 'Our user signed in to a tenant that does not know them',
          ja: '自社ユーザーが登録されていない他テナントへのサインイン',
        },
        remedy: {
          en: 'User: name our tenant if that was meant (az login --tenant, Connect-AzAccount -Tenant, or the switch of directories in the portal). If the other tenant was meant, ask its owner for an invitation; we cannot change it from here.',
          ja: 'ユーザー: 自社テナントが目的であれば明示的に指定してください (az login --tenant、Connect-AzAccount -Tenant、またはポータルのディレクトリの切り替え)。他のテナントが目的であれば、その所有者に招待を依頼してください。こちらからは変更できません。',
        },
        mendedBy: 'user',
        severity: 'info',
        matches: [
          { status: { errorCode: 50020 }, homeTenantId: exampleOwnTenantId, resourceTenantId: examplePartnerTenantId },
          {
            status: { errorCode: 90072 },
            homeTenantId: exampleOwnTenantId,
            resourceTenantId: stranger,
            crossTenantAccessType: ['passthrough'],
          },
        ],
        rejects: [
          { status: { errorCode: 50020 }, homeTenantId: examplePartnerTenantId, resourceTenantId: exampleOwnTenantId },
          { status: { errorCode: 50020 }, homeTenantId: exampleOwnTenantId },
          { status: { errorCode: 500021 }, homeTenantId: exampleOwnTenantId, resourceTenantId: examplePartnerTenantId },
        ],
      },
      {
        id: 'guest.not-invited-here',
        codes: missing,
        when: isHere,
        condition: { en: 'the target is our own tenant', ja: 'サインイン先が自社テナントの場合' },
        title: { en: 'An account of another tenant is not a guest here', ja: '他テナントのアカウントが自社のゲストでない' },
        remedy: {
          en: 'Help desk: if the person is to work here, invite the account under Users > Invite external user and have the invitation accepted; if not, nothing is to be done.',
          ja: 'ヘルプ デスク: 自社で作業すべき相手であれば、[ユーザー] > [外部ユーザーの招待] で招待して承諾してもらってください。そうでなければ対処は不要です。',
        },
        reference: 'https://learn.microsoft.com/entra/external-id/add-users-administrator',
        matches: [
          { status: { errorCode: 50020 }, homeTenantId: examplePartnerTenantId, resourceTenantId: exampleOwnTenantId },
          { status: { errorCode: 51004 }, resourceTenantId: exampleOwnTenantId },
        ],
        rejects: [
          { status: { errorCode: 50020 }, homeTenantId: exampleOwnTenantId, resourceTenantId: examplePartnerTenantId },
          { status: { errorCode: 50020 }, homeTenantId: consumerTenantId, resourceTenantId: exampleOwnTenantId },
        ],
      },
      {
        id: 'guest.pass-through',
        codes: missing,
        when: isPassThrough,
        condition: { en: 'the cross-tenant access type is passthrough', ja: 'クロステナント アクセスの種類が passthrough の場合' },
        title: { en: 'A pass-through row of an account that was turned away', ja: '拒否されたアカウントのパススルー記録' },
        remedy: {
          en: 'Nobody here, unless the user asks: the token of this row gave no access and served only to show the error. The account needs an invitation by the resource tenant.',
          ja: 'ユーザーからの依頼がなければ対処は不要です。この記録のトークンはエラーを表示するためだけのもので、アクセス権はありません。利用にはリソース テナントからの招待が必要です。',
        },
        mendedBy: 'nobody',
        severity: 'info',
        reference: 'https://learn.microsoft.com/entra/identity/monitoring-health/concept-interactive-sign-ins',
        matches: [
          { status: { errorCode: 50020 }, crossTenantAccessType: ['passthrough'] },
          { status: { errorCode: 90072 }, crossTenantAccessType: ['passthrough'], resourceTenantId: stranger },
        ],
        rejects: [
          { status: { errorCode: 50020 }, crossTenantAccessType: ['b2bCollaboration'] },
          { status: { errorCode: 500021 }, crossTenantAccessType: ['passthrough'] },
        ],
      },
      {
        id: 'guest.not-invited',
        codes: missing,
        interruptCodes: [16003],
        title: { en: 'The account does not exist in the tenant', ja: 'アカウントがテナントに存在しない' },
      },
      {
        id: 'guest.invitation-pending',
        codes: [50014, 500141],
        title: { en: 'The guest account is not ready yet', ja: 'ゲスト アカウントの準備が未完了' },
        remedy: {
          en: 'User: open the invitation mail and accept it. Help desk: send the invitation again, or reset the redemption status of the guest when it hangs.',
          ja: 'ユーザー: 招待メールを開いて承諾してください。ヘルプ デスク: 招待を再送するか、進まない場合はゲストの引き換え状態をリセットしてください。',
        },
        falseAlarm: { en: 'For some minutes after the invitation was accepted.', ja: '招待の承諾直後の数分間。' },
        reference: 'https://learn.microsoft.com/entra/external-id/reset-redemption-status',
      },
      {
        id: 'guest.control-for-guests-only',
        codes: [50177, 50178],
        title: { en: 'A policy asks what a pass-through user cannot give', ja: 'パススルー ユーザーが満たせないポリシーの要件' },
        remedy: {
          en: 'Owner of the resource tenant: invite the account as a guest, or leave external users out of the policy with the external control (50177) or session control (50178).',
          ja: 'リソース テナントの所有者: アカウントをゲストとして招待するか、外部コントロール (50177) またはセッション制御 (50178) を含むポリシーの対象から外部ユーザーを除外してください。',
        },
        mendedBy: 'partner-tenant',
        reference: 'https://learn.microsoft.com/entra/external-id/authentication-conditional-access',
      },
      {
        id: 'guest.site-refuses-guests',
        codes: [90084],
        title: { en: 'The site does not admit guests', ja: 'ゲストを受け入れないサイト' },
        remedy: {
          en: 'User: sign in with an account of the organization that owns the site. Owner of the resource tenant: the application is made for members only.',
          ja: 'ユーザー: サイトを所有する組織のアカウントでサインインしてください。リソース テナントの所有者: メンバー専用のアプリです。',
        },
        mendedBy: 'partner-tenant',
        falseAlarm: { en: 'Meant, when the site is for members only.', ja: 'メンバー専用のサイトであれば意図した結果です。' },
        reference: codeList,
      },
    ],
  ),
)

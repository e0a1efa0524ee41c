import { defineFamily, sharing, withCodes } from '../defineFamily'

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
        en: 'Owner of the resource tenant: invite the account as a guest, or let the user sign in with an account of this tenant.',
        ja: 'リソース テナントの所有者: アカウントをゲストとして招待するか、このテナントのアカウントでサインインするよう案内してください。',
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
        id: 'guest.not-invited',
        codes: [50020, 51004, 90072],
        interruptCodes: [16003],
        title: { en: 'The account does not exist in the tenant', ja: 'アカウントがテナントに存在しない' },
        matches: withCodes(50020, 51004, 90072, 16003),
        rejects: withCodes(50014, 50177, 500021),
      },
      {
        id: 'guest.invitation-pending',
        codes: [50014],
        title: { en: 'The invitation is not accepted yet', ja: '招待が未承諾' },
        remedy: {
          en: 'User: open the invitation mail and accept it; help desk: send the invitation again when it is lost.',
          ja: 'ユーザー: 招待メールを開いて承諾してください。ヘルプ デスク: メールが見つからない場合は招待を再送してください。',
        },
        matches: withCodes(50014),
        rejects: withCodes(50020, 50177, 500021),
      },
      {
        id: 'guest.not-for-guests',
        codes: [50177, 50178, 90084],
        title: { en: 'Guests may not do this', ja: 'ゲストには許可されていない' },
        remedy: {
          en: 'Owner of the resource tenant: guests that only pass through cannot meet this control or are not admitted to this site; invite the account as a guest or leave guests out of the policy.',
          ja: 'リソース テナントの所有者: パススルー ユーザーはこの制御を満たせないか、このサイトで許可されていません。アカウントをゲストとして招待するか、ポリシーの対象からゲストを除外してください。',
        },
        matches: withCodes(50177, 50178, 90084),
        rejects: withCodes(50020, 50014, 500021),
      },
      {
        id: 'guest.general',
        codes: [500141],
        title: { en: 'A guest account cannot sign in', ja: 'ゲスト アカウントのサインイン失敗' },
        matches: withCodes(500141),
        rejects: withCodes(50020, 50014, 500021),
      },
    ],
  ),
)

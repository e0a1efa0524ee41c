import { defineFamily, sharing, withCodes } from '../defineFamily'

/** Self-service password change and reset with writeback. */
export const passwordChange = defineFamily(
  {
    id: 'password-change',
    title: { en: 'Password change', ja: 'パスワード変更' },
    meaning: {
      en: 'A user tried to change or reset the password and could not.',
      ja: 'ユーザーがパスワードの変更またはリセットを試みましたが、完了できませんでした。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Help desk: help the user; identity team: check password writeback when many fail.',
        ja: 'ヘルプ デスク: ユーザーを支援してください。ID 担当: 多数発生する場合はパスワード ライトバックを確認してください。',
      },
      mendedBy: 'help-desk',
      severity: 'info',
      falseAlarm: {
        en: 'Wrong or weak passwords in small numbers are normal.',
        ja: '誤ったパスワードや弱いパスワードは、少数であれば正常です。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/authentication/troubleshoot-sspr',
    },
    [
      {
        id: 'password-change.not-accepted',
        codes: [120000, 120002, 120003, 120004, 120018],
        title: { en: 'The new or the current password was not accepted', ja: '新しいパスワードまたは現在のパスワードが受け入れられない' },
        mendedBy: 'user',
        matches: withCodes(120000, 120002, 120003),
        rejects: withCodes(120005, 120008, 50055),
      },
      {
        id: 'password-change.on-premises',
        codes: [120005, 120012, 120013, 120014, 120015],
        title: { en: 'The on-premises directory did not take the password', ja: 'オンプレミスのディレクトリへの反映の失敗' },
        remedy: {
          en: 'Identity team: check password writeback in Microsoft Entra Connect, its connectivity and its permissions on the account.',
          ja: 'ID 担当: Microsoft Entra Connect のパスワード ライトバック、その接続、およびアカウントに対するアクセス許可を確認してください。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        matches: withCodes(120005, 120012, 120013),
        rejects: withCodes(120000, 120008, 50055),
      },
      {
        id: 'password-change.general',
        codes: [120008, 120011, 120016, 120020],
        serviceCodes: [120021],
        title: { en: 'The password could not be changed', ja: 'パスワードを変更できない' },
        matches: withCodes(120008, 120011, 120016, 120021),
        rejects: withCodes(120000, 120005, 50055),
      },
    ],
  ),
)

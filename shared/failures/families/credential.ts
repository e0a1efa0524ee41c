import { defineFamily, sharing, withCodes } from '../defineFamily'

/** The first factor of a person; credentials of applications are another family. */
export const credential = defineFamily(
  {
    id: 'credential',
    title: { en: 'Credentials', ja: '資格情報' },
    meaning: {
      en: 'The password, certificate or other credential of the user was wrong, expired or missing.',
      ja: 'ユーザーのパスワード、証明書などの資格情報が誤っているか、期限切れか、存在しません。',
    },
    needsPerson: true,
  },
  sharing(
    {
      remedy: {
        en: 'User: try again with the right credential or reset it; help desk: help with self-service password reset.',
        ja: 'ユーザー: 正しい資格情報で再試行するか、リセットしてください。ヘルプ デスク: セルフサービス パスワード リセットを案内してください。',
      },
      mendedBy: 'user',
      severity: 'info',
      falseAlarm: {
        en: 'Small numbers are normal. Many users from few addresses within minutes are a password spray.',
        ja: '少数であれば正常です。少数の IP アドレスから短時間に多数のユーザーで発生する場合はパスワード スプレー攻撃です。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/monitoring-health/howto-troubleshoot-sign-in-errors',
    },
    [
      {
        id: 'credential.wrong-password',
        codes: [50126, 50056, 50064],
        title: { en: 'Wrong user name or password', ja: 'ユーザー名またはパスワードの誤り' },
        matches: withCodes(50126, 50056, 50064),
        rejects: withCodes(50055, 50017, 50053),
      },
      {
        id: 'credential.expired-password',
        interruptCodes: [50055, 50144],
        title: { en: 'The password has expired', ja: 'パスワードの有効期限切れ' },
        remedy: {
          en: 'User: change the password (on premises for 50144); owner of a script: stop using a user account and take a managed identity or a service principal.',
          ja: 'ユーザー: パスワードを変更してください (50144 はオンプレミス側)。スクリプトの所有者: ユーザー アカウントの使用をやめ、マネージド ID またはサービス プリンシパルを使用してください。',
        },
        falseAlarm: {
          en: 'A prompt that the user answers; only where nobody can answer it, it is counted as a failure.',
          ja: 'ユーザーが応答すれば解消します。応答できる人がいない場合のみ失敗として数えます。',
        },
        matches: withCodes(50055, 50144),
        rejects: withCodes(50126, 50017, 50053),
      },
      {
        id: 'credential.certificate',
        codes: [50017, 220501, 500171, 500172, 500173, 500174, 500176, 500178, 500179],
        title: { en: 'The user certificate could not be validated', ja: 'ユーザー証明書を検証できない' },
        remedy: {
          en: 'Identity team: check the chain in the trusted certificate authorities of the tenant, and that the revocation list is published, reachable from the internet, small enough and not expired.',
          ja: 'ID 担当: テナントの信頼された証明機関に証明書チェーンが登録されていること、証明書失効リストがインターネットから取得でき、サイズと有効期限に問題がないことを確認してください。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        falseAlarm: {
          en: 'A few, while a revocation list is being replaced.',
          ja: '証明書失効リストの更新中に少数発生することがあります。',
        },
        reference:
          'https://learn.microsoft.com/entra/identity/authentication/concept-certificate-based-authentication-certificate-revocation-list',
        matches: withCodes(50017, 220501, 500171),
        rejects: withCodes(50126, 50055, 50053),
      },
      {
        id: 'credential.general',
        codes: [50052, 50054, 50181, 50182],
        title: { en: 'A credential was not accepted', ja: '資格情報が受け入れられない' },
        matches: withCodes(50052, 50054, 50181),
        rejects: withCodes(50126, 50055, 50053),
      },
    ],
  ),
)

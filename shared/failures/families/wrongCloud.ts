import { defineFamily, sharing, withCodes } from '../defineFamily'

/** National clouds are separate; a sign-in must go to the endpoints of its own. */
export const wrongCloud = defineFamily(
  {
    id: 'wrong-cloud',
    title: { en: 'Wrong cloud', ja: 'クラウドの誤り' },
    meaning: {
      en: 'The account, application or tenant belongs to another Microsoft cloud.',
      ja: 'アカウント、アプリケーション、またはテナントが別の Microsoft クラウドに属しています。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: use the sign-in and resource endpoints of the cloud that the tenant belongs to (for example login.microsoftonline.us for US Government, login.partner.microsoftonline.cn for 21Vianet).',
        ja: 'アプリの所有者: テナントが属するクラウドのサインイン エンドポイントとリソース エンドポイントを使用してください (例: 米国政府機関は login.microsoftonline.us、21Vianet は login.partner.microsoftonline.cn)。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: {
        en: 'A redirect that the application follows by itself ends in a success right after.',
        ja: 'アプリが自動的にリダイレクトに従う場合は、直後に成功します。',
      },
      reference: 'https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud',
    },
    [
      {
        id: 'wrong-cloud.retired-cloud',
        codes: [5000222],
        title: { en: 'The tenant is in a retired cloud', ja: '廃止されたクラウドのテナント' },
        remedy: {
          en: 'Identity team: the tenant belongs to Microsoft Cloud Deutschland, which is closed; move the users and applications to a tenant of the public cloud.',
          ja: 'ID 担当: 提供が終了した Microsoft Cloud Deutschland のテナントです。ユーザーとアプリをパブリック クラウドのテナントへ移行してください。',
        },
        mendedBy: 'identity-team',
        matches: withCodes(5000222),
        rejects: withCodes(50049, 500021),
      },
      {
        id: 'wrong-cloud.general',
        codes: [50049, 90038, 90043, 90051, 900381, 900382, 900432, 900439, 1000202, 1000401],
        title: { en: 'The request went to the wrong cloud', ja: '誤ったクラウドへの要求' },
        matches: withCodes(50049, 90038, 90043),
        rejects: withCodes(5000222, 1000104, 90002),
      },
    ],
  ),
)

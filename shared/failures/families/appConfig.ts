import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

/** The registration of an application and what it asks for; secrets and certificates are another family. */
export const appConfig = defineFamily(
  {
    id: 'app-config',
    title: { en: 'Configuration of the application', ja: 'アプリケーションの構成' },
    meaning: {
      en: 'The registration of the application or its request does not fit: reply address, resource, scope, permissions.',
      ja: '応答 URL、リソース、スコープ、アクセス許可など、アプリの登録または要求の内容が一致していません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: compare the request of the application with its registration under App registrations, and correct the one that is wrong.',
        ja: 'アプリの所有者: アプリの要求と [アプリの登録] の内容を比較し、誤っているほうを修正してください。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: { en: 'Expected while an application is being developed.', ja: 'アプリの開発中は想定内です。' },
      reference: codeList,
    },
    [
      {
        id: 'app-config.redirect-uri',
        codes: [50011, 500112, 500113, 70004],
        title: { en: 'The reply address is not registered', ja: '応答 URL が登録されていない' },
        remedy: {
          en: 'App owner: register exactly the redirect URI that the application sends, with scheme, case, path and trailing slash.',
          ja: 'アプリの所有者: アプリが送信するリダイレクト URI を、スキーム、大文字小文字、パス、末尾のスラッシュまで正確に登録してください。',
        },
        matches: withCodes(50011, 500112, 500113),
        rejects: withCodes(50001, 7000112, 700016),
      },
      {
        id: 'app-config.resource',
        codes: [50001, 70011, 1002012, 700022, 700023, 650057, 65005, 28002, 28003],
        title: { en: 'The resource or scope is not valid', ja: 'リソースまたはスコープが無効' },
        remedy: {
          en: 'App owner: correct the resource or scope; with client credentials it ends in /.default and names one resource.',
          ja: 'アプリの所有者: リソースまたはスコープを修正してください。クライアント資格情報では 1 つのリソースを指定し、/.default で終わる必要があります。',
        },
        matches: withCodes(50001, 70011, 1002012),
        rejects: withCodes(50011, 7000112, 700016),
      },
      {
        id: 'app-config.disabled',
        codes: [7000112, 500014],
        title: { en: 'The application is disabled', ja: 'アプリケーションが無効' },
        remedy: {
          en: 'Identity team: the service principal is disabled, by an administrator, by Microsoft or for a lapsed subscription; find out why before you enable it under Enterprise applications > Properties.',
          ja: 'ID 担当: サービス プリンシパルが管理者、Microsoft、またはサブスクリプションの失効により無効化されています。理由を確認してから [エンタープライズ アプリケーション] の [プロパティ] で有効にしてください。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        matches: withCodes(7000112, 500014),
        rejects: withCodes(50011, 50001, 700016),
      },
      {
        id: 'app-config.general',
        codes: [
          50003, 50007, 50010, 50146, 50165, 50194, 70001, 70005, 70013, 90009, 90124, 90130, 100007, 650052, 650054, 650056, 700054,
          900971, 1000031, 7000110, 7000113, 7000114, 7000116, 7000117, 9001023,
        ],
        title: { en: 'The application is configured wrongly', ja: 'アプリケーションの構成の誤り' },
        matches: withCodes(50003, 50007, 50010),
        rejects: withCodes(50011, 50001, 700016),
      },
    ],
  ),
)

import { defineFamily, sharing } from '../defineFamily'

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
        id: 'wrong-cloud.other-national-cloud',
        codes: [90038, 900381, 900439],
        title: {
          en: 'The tenant or application belongs to another national cloud',
          ja: 'テナントまたはアプリが別の国別クラウドに属している',
        },
      },
      {
        id: 'wrong-cloud.retired-cloud',
        codes: [5000222],
        title: { en: 'The tenant is in a retired cloud', ja: '廃止されたクラウドのテナント' },
        remedy: {
          en: 'Identity team: the tenant belongs to Microsoft Cloud Deutschland, which is closed; move the users and applications to a tenant of the public cloud.',
          ja: 'ID 担当: 提供が終了した Microsoft Cloud Deutschland のテナントです。ユーザーとアプリをパブリック クラウドのテナントへ移行してください。',
        },
        mendedBy: 'identity-team',
        falseAlarm: { en: 'Old bookmarks and scripts that nobody needs.', ja: '不要になった古いブックマークやスクリプト。' },
      },
      {
        id: 'wrong-cloud.tenant-moved',
        codes: [1000202, 1000401],
        title: { en: 'The tenant was moved to another cloud', ja: '別のクラウドへ移行されたテナント' },
        remedy: {
          en: 'App owner: change the sign-in endpoint to that of the cloud that the message names (1000202: login.microsoftonline.com); remove stored tokens of the old one.',
          ja: 'アプリの所有者: サインイン エンドポイントをメッセージが示すクラウドのもの (1000202 は login.microsoftonline.com) に変更し、以前のトークンを削除してください。',
        },
      },
      {
        id: 'wrong-cloud.confidential-client',
        codes: [900382, 900432],
        title: { en: 'A confidential client cannot sign in across clouds', ja: '機密クライアントによるクラウド間サインインは不可' },
        remedy: {
          en: 'App owner: register the application in the cloud of the tenant and use its endpoints; a web app or service with a secret or certificate is never sent on to another cloud.',
          ja: 'アプリの所有者: テナントのクラウドにアプリを登録し、そのエンドポイントを使用してください。シークレットや証明書を持つ Web アプリやサービスは別のクラウドへ転送されません。',
        },
      },
      {
        id: 'wrong-cloud.cross-cloud-code',
        codes: [90043],
        title: { en: 'The code was issued by another cloud', ja: '別のクラウドが発行したコード' },
        remedy: {
          en: 'App owner: redeem the code at the cloud instance that the answer of the sign-in names (cloud_instance_host_name); current libraries do it when instance awareness is on.',
          ja: 'アプリの所有者: サインインの応答が示すクラウド インスタンス (cloud_instance_host_name) でコードを引き換えてください。最新のライブラリではインスタンス対応を有効にすると自動で行われます。',
        },
        severity: 'info',
      },
      {
        id: 'wrong-cloud.unknown-instance',
        codes: [50049, 90051],
        title: { en: 'The request names no cloud that exists', ja: '存在しないクラウドの指定' },
        remedy: {
          en: 'App owner: correct the host of the authority, and sign in anew where a stored token names the cloud (90051).',
          ja: 'アプリの所有者: 機関 URL のホストを修正し、保存されたトークンがクラウドを示している場合は (90051) サインインし直してください。',
        },
        falseAlarm: { en: 'Typing errors and scanners.', ja: '入力ミスやスキャナー。' },
      },
    ],
  ),
)

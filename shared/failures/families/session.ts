import { codeList, defineFamily, sharing } from '../defineFamily'

/** Interrupts that belong to nearly every interactive sign-in; no reason to act. */
export const session = defineFamily(
  {
    id: 'session',
    title: { en: 'Session', ja: 'セッション' },
    meaning: {
      en: 'A step on the way to a session: choosing an account, keeping signed in, no session yet.',
      ja: 'アカウントの選択、サインイン状態の維持、セッション未確立など、セッション確立までの途中の段階です。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'User: go on with the sign-in. App owner: on an interaction-required answer to a silent request, ask interactively.',
        ja: 'ユーザー: サインインを続行してください。アプリの所有者: サイレント要求で対話が必要と応答された場合は、対話型で要求してください。',
      },
      mendedBy: 'nobody',
      severity: 'info',
      falseAlarm: { en: 'Nearly always: the sign-in goes on after it.', ja: 'ほとんどの場合、サインインはその後続行されます。' },
      reference: codeList,
    },
    [
      {
        id: 'session.not-signed-in',
        interruptCodes: [50058],
        title: { en: 'Nobody is signed in yet', ja: 'まだサインインしていない' },
        remedy: {
          en: 'Nobody: expected for anyone who has not signed in. App owner, when signed-in users see it all day: the browser blocks third-party cookies, so silent requests in a frame cannot work; redirect instead.',
          ja: '対処は不要です。未サインインであれば想定内です。アプリの所有者 (サインイン済みのユーザーに終日発生する場合): ブラウザーがサードパーティ Cookie をブロックしており、フレーム内のサイレント要求は機能しません。リダイレクトを使用してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/reference-third-party-cookies-spas',
      },
      {
        id: 'session.account-selection',
        interruptCodes: [16000, 16001],
        title: { en: 'An account has to be chosen', ja: 'アカウントの選択が必要' },
        remedy: {
          en: 'User: choose the account that belongs to the organization, or sign out and enter it; an account that the tenant does not know (16000) has to be invited first.',
          ja: 'ユーザー: 組織のアカウントを選択するか、サインアウトして入力してください。テナントに存在しないアカウント (16000) は先に招待が必要です。',
        },
        mendedBy: 'user',
      },
      {
        id: 'session.not-found',
        codes: [16002, 160021],
        title: { en: 'The session that the application asks for does not exist', ja: 'アプリが要求したセッションが存在しない' },
        remedy: {
          en: 'App owner: leave the session id (sid) out of the request when the session may be over, and let the user sign in. User: sign in again.',
          ja: 'アプリの所有者: セッションが終了している可能性がある場合は要求からセッション ID (sid) を除き、ユーザーにサインインさせてください。ユーザー: サインインし直してください。',
        },
        mendedBy: 'app-owner',
        falseAlarm: {
          en: 'Expected after the user signed out elsewhere.',
          ja: 'ユーザーが別の場所でサインアウトした後であれば想定内です。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc',
      },
      {
        id: 'session.keep-me-signed-in',
        interruptCodes: [50140],
        title: { en: 'Asked whether to stay signed in', ja: 'サインイン状態を維持するかの確認' },
        remedy: {
          en: 'User: answer the question. Identity team: it can be turned off under Company branding.',
          ja: 'ユーザー: 質問に応答してください。ID 担当: [会社のブランド] で無効にできます。',
        },
        reference: 'https://learn.microsoft.com/entra/fundamentals/how-to-manage-stay-signed-in-prompt',
      },
      {
        id: 'session.confirmation',
        interruptCodes: [29200, 50199, 50201],
        title: { en: 'The user is shown something to confirm or scan', ja: '確認またはスキャンの画面の表示' },
        remedy: {
          en: 'User: confirm that this is the application that you opened (50199), scan the code (29200) or read the notice (50201), and go on.',
          ja: 'ユーザー: 自分で開いたアプリであることを確認する (50199)、コードをスキャンする (29200)、またはお知らせを読んで (50201)、続行してください。',
        },
        mendedBy: 'user',
        falseAlarm: { en: 'Always, unless the user did not start it.', ja: 'ユーザー自身が開始したものであれば常に。' },
      },
      {
        id: 'session.security-info-registration',
        interruptCodes: [50125],
        title: { en: 'Asked to register for password reset', ja: 'パスワード リセットの登録の案内' },
        remedy: {
          en: 'User: enter the security info that is asked for, at https://aka.ms/mysecurityinfo.',
          ja: 'ユーザー: https://aka.ms/mysecurityinfo で求められたセキュリティ情報を登録してください。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/identity/authentication/concept-registration-mfa-sspr-combined',
      },
      {
        id: 'session.redirect',
        interruptCodes: [50136, 50157, 50168, 51005, 1000003, 1000450],
        title: { en: 'Sent on to another page or service', ja: '別のページまたはサービスへのリダイレクト' },
        remedy: {
          en: 'Nobody: Entra sends the browser on, to another data center, to the service of personal accounts or to fetch the account of Windows.',
          ja: '対処は不要です。別のデータ センター、個人用アカウントのサービス、または Windows のアカウントの取得のために、Entra がブラウザーを誘導しています。',
        },
      },
      {
        id: 'session.fresh-sign-in',
        interruptCodes: [51006, 700020, 1000203],
        title: { en: 'A new sign-in is needed', ja: '新しいサインインが必要' },
        remedy: {
          en: 'User: sign in again (51006: on the corporate network; 1000203: the organization was changed, so sign out first). App owner: ask interactively when a silent request says so (700020).',
          ja: 'ユーザー: サインインし直してください (51006 は社内ネットワークから、1000203 は組織の変更のため先にサインアウト)。アプリの所有者: サイレント要求でそう応答された場合は対話型で要求してください (700020)。',
        },
        mendedBy: 'user',
      },
      {
        id: 'session.linked-account',
        interruptCodes: [1000000, 1000002],
        title: { en: 'An account of another service is being connected', ja: '他サービスのアカウントの接続中' },
        remedy: {
          en: 'User: sign in at the other service, such as LinkedIn, and confirm the connection, or leave it (1000002: it is made, so only go on).',
          ja: 'ユーザー: LinkedIn などの他サービスにサインインして接続を確認するか、中止してください (1000002 は接続済みのため、続行するのみです)。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/identity/users/linkedin-integration',
      },
      {
        id: 'session.undescribed',
        interruptCodes: [50019, 50160, 165100],
        title: { en: 'A step that Microsoft counts as pending but does not describe', ja: 'Microsoft が保留中として扱う、説明のない段階' },
        remedy: {
          en: 'Nobody, while sign-ins of the same user succeed after it; if they do not, open the sign-in in Entra for its text.',
          ja: '同じユーザーのサインインがその後成功していれば対処は不要です。成功しない場合は Entra でサインインを開き、メッセージを確認してください。',
        },
      },
    ],
  ),
)

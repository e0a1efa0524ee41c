import { defineFamily, sharing } from '../defineFamily'

/** The life of tokens; sign-in frequency is Conditional Access. */
export const tokenExpired = defineFamily(
  {
    id: 'token-expired',
    title: { en: 'Expired or revoked tokens', ja: '期限切れまたは失効したトークン' },
    meaning: {
      en: 'The session or token is too old, was revoked or was redeemed before.',
      ja: 'セッションまたはトークンが古いか、失効しているか、使用済みです。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'User: sign in again. App owner: acquire tokens silently and fall back to an interactive sign-in.',
        ja: 'ユーザー: サインインし直してください。アプリの所有者: サイレント取得に失敗した場合は対話型サインインに切り替えるようにしてください。',
      },
      mendedBy: 'user',
      severity: 'info',
      falseAlarm: { en: 'Expected in the life of a token.', ja: 'トークンのライフサイクルとして想定内です。' },
      reference: 'https://learn.microsoft.com/entra/identity-platform/refresh-tokens',
    },
    [
      {
        id: 'token-expired.revoked',
        codes: [50132, 50133, 50173],
        title: { en: 'The session was revoked', ja: 'セッションの失効' },
        remedy: {
          en: 'User: sign in again with the current password. Security team, when nobody changed a password: ask who revoked the sessions.',
          ja: 'ユーザー: 現在のパスワードでサインインし直してください。セキュリティ担当 (パスワードを変更していない場合): 誰がセッションを取り消したか確認してください。',
        },
        falseAlarm: {
          en: 'Expected after a password change or reset, or when an administrator revokes sessions.',
          ja: 'パスワードの変更やリセット、管理者によるセッションの取り消しの後に発生する想定内のものです。',
        },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50173-grant-expired-revoked',
      },
      {
        id: 'token-expired.inactive',
        codes: [70008, 700082],
        title: { en: 'The refresh token was not used for too long', ja: '更新トークンの長期間の未使用' },
        remedy: {
          en: 'User: sign in again. Owner of a script that runs seldom: a user session does not live that long; take a managed identity or a service principal.',
          ja: 'ユーザー: サインインし直してください。まれに実行するスクリプトの所有者: ユーザー セッションはそこまで長く続きません。マネージド ID またはサービス プリンシパルを使用してください。',
        },
      },
      {
        id: 'token-expired.lifetime',
        codes: [700081, 700083, 700084],
        title: { en: 'The refresh token reached its longest life', ja: '更新トークンの最大有効期間への到達' },
        remedy: {
          en: 'User: sign in again. App owner: a single-page application gets a refresh token of a day (700084) and has to send the user to the sign-in page then.',
          ja: 'ユーザー: サインインし直してください。アプリの所有者: シングルページ アプリの更新トークンは 1 日で失効するため (700084)、その際はサインイン ページに誘導してください。',
        },
      },
      {
        id: 'token-expired.already-redeemed',
        codes: [54005],
        title: { en: 'The authorization code was redeemed before', ja: '使用済みの承認コード' },
        remedy: {
          en: 'App owner: redeem each authorization code once; look for a double request, a reloaded page or two instances that share a code.',
          ja: 'アプリの所有者: 承認コードは一度だけ使用してください。二重の要求、ページの再読み込み、コードを共有する複数インスタンスを確認します。',
        },
        mendedBy: 'app-owner',
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow',
      },
      {
        id: 'token-expired.assertion',
        codes: [50013, 500133],
        title: { en: 'The token that is exchanged is not valid any more', ja: '交換に使用したトークンが無効' },
        remedy: {
          en: 'App owner: in the on-behalf-of flow exchange an access token that was issued for your own API and has not run out; let the client fetch a new one on a 401.',
          ja: 'アプリの所有者: On-Behalf-Of フローでは、自身の API 向けに発行された有効期限内のアクセス トークンを使用し、401 の際はクライアントに再取得させてください。',
        },
        mendedBy: 'app-owner',
        severity: 'warning',
        falseAlarm: { en: 'Single ones, when a token ran out in a long call.', ja: '長い処理の途中で有効期限が切れた場合の単発のもの。' },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow',
      },
      {
        id: 'token-expired.page',
        codes: [50089],
        title: { en: 'The sign-in took too long', ja: 'サインイン操作の時間切れ' },
        remedy: {
          en: 'User: open the application again and sign in without a long pause.',
          ja: 'ユーザー: アプリを開き直し、間を空けずにサインインしてください。',
        },
        falseAlarm: { en: 'Sign-in pages that were left open.', ja: '開いたままのサインイン ページ。' },
      },
      {
        id: 'token-expired.ws-trust',
        codes: [90086],
        title: { en: 'The delegation token of an old client has run out', ja: '古いクライアントの委任トークンの期限切れ' },
        remedy: {
          en: 'User: sign in again. App owner: the client uses WS-Trust; move it to a current library, which renews its tokens by itself.',
          ja: 'ユーザー: サインインし直してください。アプリの所有者: クライアントが WS-Trust を使用しています。トークンを自動更新する最新のライブラリに移行してください。',
        },
      },
      {
        id: 'token-expired.external-session',
        codes: [50139],
        title: { en: 'The token of the personal account is missing', ja: '個人用アカウントのトークンの不足' },
        remedy: {
          en: 'User: sign out and sign in again with the personal account.',
          ja: 'ユーザー: サインアウトし、個人用アカウントでサインインし直してください。',
        },
      },
      {
        id: 'token-expired.invalid-grant',
        codes: [70000],
        title: { en: 'The grant is not valid', ja: '許可 (グラント) が無効' },
        remedy: {
          en: 'User: sign in again. App owner, when it returns: the stored refresh token is damaged, belongs to another device or lacks its binding; clear the cache of the application.',
          ja: 'ユーザー: サインインし直してください。アプリの所有者 (再発する場合): 保存された更新トークンが破損しているか、別のデバイスのものか、バインドがありません。アプリのキャッシュを消去してください。',
        },
        severity: 'warning',
      },
      {
        id: 'token-expired.other-client',
        codes: [700007],
        title: { en: 'The grant belongs to another application', ja: '別のアプリに発行された許可' },
        remedy: {
          en: 'App owner: redeem codes and refresh tokens with the client id that they were issued for.',
          ja: 'アプリの所有者: 承認コードと更新トークンは、発行先と同じクライアント ID で使用してください。',
        },
        mendedBy: 'app-owner',
        severity: 'warning',
        falseAlarm: { en: 'Expected while an application is being developed.', ja: 'アプリの開発中は想定内です。' },
      },
    ],
  ),
)

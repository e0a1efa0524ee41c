import { defineFamily, sharing, withCodes } from '../defineFamily'

/** The account itself cannot sign in, whatever the credential. */
export const accountState = defineFamily(
  {
    id: 'account-state',
    title: { en: 'State of the account', ja: 'アカウントの状態' },
    meaning: {
      en: 'The account is locked, disabled, unknown or may not sign in now.',
      ja: 'アカウントがロックまたは無効化されているか、存在しないか、現在サインインできません。',
    },
    needsPerson: true,
  },
  sharing(
    {
      remedy: {
        en: 'Help desk: look the account up in Entra admin center > Users, and enable, unlock or correct it.',
        ja: 'ヘルプ デスク: Entra 管理センターの [ユーザー] でアカウントを確認し、有効化、ロック解除、または修正してください。',
      },
      mendedBy: 'help-desk',
      severity: 'warning',
      falseAlarm: { en: 'Meant, for accounts of people who left.', ja: '退職者のアカウントであれば意図した結果です。' },
      reference: 'https://learn.microsoft.com/entra/identity/monitoring-health/howto-troubleshoot-sign-in-errors',
    },
    [
      {
        id: 'account-state.locked',
        codes: [50053],
        title: { en: 'Locked, or the address is suspicious', ja: 'アカウントのロックまたは不審な IP アドレス' },
        remedy: {
          en: 'Help desk: read the failure reason first: either too many wrong passwords (wait, reset the password, find the device with the old one) or an address with malicious activity (do not unlock, inform the security team).',
          ja: 'ヘルプ デスク: まずエラーの理由を確認してください。パスワードの連続失敗であれば、待機またはリセットし、古いパスワードを保持するデバイスを探します。悪意のある IP アドレスであれば、解除せずセキュリティ担当に連絡します。',
        },
        falseAlarm: {
          en: 'Smart lockout during a password spray: the users need nothing.',
          ja: 'パスワード スプレー攻撃中のスマート ロックアウトであれば、ユーザーの対応は不要です。',
        },
        matches: withCodes(50053),
        rejects: withCodes(50034, 50057, 50126),
      },
      {
        id: 'account-state.not-found',
        codes: [50034],
        title: { en: 'The account does not exist', ja: 'アカウントが存在しない' },
        severity: 'info',
        falseAlarm: {
          en: 'Typing errors and probing for names are normal in small numbers.',
          ja: '入力ミスや名前の探索は、少数であれば正常です。',
        },
        matches: withCodes(50034),
        rejects: withCodes(50053, 50057, 50126),
      },
      {
        id: 'account-state.disabled',
        codes: [50057, 500571],
        title: { en: 'The account is disabled', ja: 'アカウントが無効' },
        matches: withCodes(50057, 500571),
        rejects: withCodes(50053, 50034, 50126),
      },
      {
        id: 'account-state.hours',
        codes: [80012],
        title: { en: 'Sign-in outside the allowed hours', ja: '許可された時間外のサインイン' },
        remedy: {
          en: 'Identity team: the logon hours of the on-premises account do not allow it now; widen them if that is wrong.',
          ja: 'ID 担当: オンプレミス アカウントのログオン時間により許可されていません。誤りであれば時間帯を広げてください。',
        },
        mendedBy: 'identity-team',
        matches: withCodes(80012),
        rejects: withCodes(50053, 50034, 50126),
      },
      {
        id: 'account-state.general',
        codes: [50197, 51002, 54000, 90125, 90126, 500531],
        interruptCodes: [50015],
        title: { en: 'The account cannot sign in', ja: 'アカウントがサインインできない状態' },
        matches: withCodes(50197, 51002, 54000, 50015),
        rejects: withCodes(50053, 50034, 50126),
      },
    ],
  ),
)

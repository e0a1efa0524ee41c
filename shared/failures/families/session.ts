import { defineFamily, sharing, withCodes } from '../defineFamily'

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
      reference: 'https://learn.microsoft.com/entra/identity/monitoring-health/howto-troubleshoot-sign-in-errors',
    },
    [
      {
        id: 'session.not-signed-in',
        interruptCodes: [50058],
        title: { en: 'Nobody is signed in yet', ja: 'まだサインインしていない' },
        matches: withCodes(50058),
        rejects: withCodes(16000, 50140, 50074),
      },
      {
        id: 'session.account-selection',
        codes: [16002],
        interruptCodes: [16000, 16001],
        title: { en: 'An account has to be chosen', ja: 'アカウントの選択が必要' },
        matches: withCodes(16002, 16000, 16001),
        rejects: withCodes(50058, 50140, 50074),
      },
      {
        id: 'session.keep-me-signed-in',
        interruptCodes: [50140],
        title: { en: 'Asked whether to stay signed in', ja: 'サインイン状態を維持するかの確認' },
        matches: withCodes(50140),
        rejects: withCodes(50058, 16000, 50074),
      },
      {
        id: 'session.general',
        codes: [160021],
        interruptCodes: [
          29200, 50019, 50125, 50136, 50157, 50160, 50168, 50199, 50201, 51005, 51006, 165100, 700020, 1000000, 1000002, 1000003, 1000203,
          1000450,
        ],
        title: { en: 'A step of the sign-in', ja: 'サインインの途中の段階' },
        matches: withCodes(160021, 29200, 50019, 50125),
        rejects: withCodes(50058, 16000, 50074),
      },
    ],
  ),
)

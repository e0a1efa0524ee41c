import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

/** Controls of Conditional Access that a third party answers. */
export const externalChallenge = defineFamily(
  {
    id: 'external-challenge',
    title: { en: 'External challenges', ja: '外部チャレンジ' },
    meaning: {
      en: 'A challenge that another provider has to answer (custom control, external method) failed.',
      ja: '別のプロバイダーが応答すべきチャレンジ (カスタム コントロールや外部の認証方法) が失敗しました。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Identity team: check the custom control or external authentication method: its provider, its claims mapping, and that its service answers.',
        ja: 'ID 担当: カスタム コントロールまたは外部認証方法について、プロバイダー、クレームのマッピング、サービスの応答を確認してください。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: { en: 'Single ones, when a user gives the challenge up.', ja: 'ユーザーがチャレンジを中止した場合に単発で発生します。' },
      reference: codeList,
    },
    [
      {
        id: 'external-challenge.general',
        codes: [50159, 50161, 50166, 50170, 50172, 50176],
        title: { en: 'An external challenge failed', ja: '外部チャレンジの失敗' },
        matches: withCodes(50159, 50161, 50166),
        rejects: withCodes(50158, 50177),
      },
    ],
  ),
)

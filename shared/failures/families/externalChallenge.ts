import { defineFamily, sharing } from '../defineFamily'

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
        en: 'Identity team: check the custom control: its definition, its provider, and that the service answers.',
        ja: 'ID 担当: カスタム コントロールの定義、プロバイダー、サービスの応答を確認してください。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: { en: 'Single ones, when a user gives the challenge up.', ja: 'ユーザーがチャレンジを中止した場合に単発で発生します。' },
      reference: 'https://learn.microsoft.com/entra/identity/conditional-access/controls',
    },
    [
      {
        id: 'external-challenge.claims',
        codes: [50159],
        title: { en: 'The external provider sent too few claims', ja: '外部プロバイダーのクレームの不足' },
        remedy: {
          en: 'Owner of the external provider: return every claim, with the value, that the custom control asks for.',
          ja: '外部プロバイダーの所有者: カスタム コントロールが要求するすべてのクレームと値を返してください。',
        },
        mendedBy: 'partner-tenant',
      },
      {
        id: 'external-challenge.configuration',
        codes: [50161, 50170, 50172, 50176],
        title: { en: 'The custom control is configured wrongly', ja: 'カスタム コントロールの構成の誤り' },
        remedy: {
          en: 'Identity team: paste the JSON of the provider anew under Conditional Access > Custom controls, and consent to its application. 50161: its authorization address or the claims that it sent do not fit; 50170: the mapping is missing; 50172: the provider is not approved; 50176: the definition is gone while a policy still names it.',
          ja: 'ID 担当: [条件付きアクセス] > [カスタム コントロール] にプロバイダーの JSON を設定し直し、そのアプリに同意してください。50161 は承認 URL または送信されたクレームの誤り、50170 はマッピングの不足、50172 は承認されていないプロバイダー、50176 はポリシーが参照する定義の欠落を示します。',
        },
        severity: 'error',
        falseAlarm: { en: 'While the control is being set up.', ja: 'コントロールの設定中。' },
      },
      {
        id: 'external-challenge.unreachable',
        codes: [50166],
        title: { en: 'The external provider does not answer', ja: '外部プロバイダーが応答しない' },
        remedy: {
          en: 'Owner of the external provider: check that its endpoint is reachable from the internet and not throttling. Conditional Access owner: take the control out of the policy while it lasts, if nobody can sign in.',
          ja: '外部プロバイダーの所有者: エンドポイントがインターネットから到達でき、要求を制限していないことを確認してください。条件付きアクセスの所有者: サインインできない場合は、その間ポリシーからコントロールを外してください。',
        },
        mendedBy: 'partner-tenant',
        severity: 'error',
        falseAlarm: { en: 'Single ones that a retry mends.', ja: '再試行で解消する単発のもの。' },
      },
    ],
  ),
)

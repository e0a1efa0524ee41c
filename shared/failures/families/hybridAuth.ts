import { defineFamily, sharing, withCodes } from '../defineFamily'

/** The way to the on-premises directory: authentication agents and Kerberos. */
export const hybridAuth = defineFamily(
  {
    id: 'hybrid-auth',
    title: { en: 'Hybrid authentication', ja: 'ハイブリッド認証' },
    meaning: {
      en: 'Pass-through authentication or seamless single sign-on with the on-premises directory failed.',
      ja: 'オンプレミスのディレクトリとのパススルー認証またはシームレス シングル サインオンが失敗しました。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Identity team: check that the authentication agents run and reach both Entra and a domain controller.',
        ja: 'ID 担当: 認証エージェントが稼働し、Entra とドメイン コントローラーの双方に到達できることを確認してください。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: { en: 'A few, while an agent is being updated.', ja: 'エージェントの更新中に少数発生することがあります。' },
      reference: 'https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-pass-through-authentication',
    },
    [
      {
        id: 'hybrid-auth.pass-through',
        codes: [80001, 80002, 80003, 80005, 80007, 80010, 80011, 80013, 80014],
        title: { en: 'Pass-through authentication failed', ja: 'パススルー認証の失敗' },
        severity: 'error',
        matches: withCodes(80001, 80002, 80003),
        rejects: withCodes(81001, 50180, 80012),
      },
      {
        id: 'hybrid-auth.seamless-sso',
        codes: [81001, 81004, 81005, 81006, 81007, 81009, 81011],
        interruptCodes: [81010, 81012, 81014],
        title: { en: 'Seamless single sign-on failed', ja: 'シームレス シングル サインオンの失敗' },
        remedy: {
          en: 'Identity team: check the AZUREADSSOACC computer account and roll over its Kerberos key; users can go on with a password meanwhile.',
          ja: 'ID 担当: AZUREADSSOACC コンピューター アカウントを確認し、Kerberos キーをロールオーバーしてください。その間ユーザーはパスワードで続行できます。',
        },
        falseAlarm: {
          en: 'Devices outside the corporate network and browsers without the intranet zone setting fall back to a password.',
          ja: '社内ネットワーク外のデバイスやイントラネット ゾーンの設定がないブラウザーでは、パスワードに切り替わります。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-sso',
        matches: withCodes(81001, 81004, 81005, 81010, 81012, 81014),
        rejects: withCodes(80001, 50180, 80012),
      },
      {
        id: 'hybrid-auth.general',
        codes: [50180, 51001],
        title: { en: 'The on-premises sign-in failed', ja: 'オンプレミス連携のサインイン失敗' },
        matches: withCodes(50180, 51001),
        rejects: withCodes(80001, 81001, 80012),
      },
    ],
  ),
)

import { defineFamily, sharing } from '../defineFamily'

const seamlessPage = 'https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-sso'

const fallback = {
  en: 'Devices outside the corporate network and browsers without the intranet zone setting fall back to a password.',
  ja: '社内ネットワーク外のデバイスやイントラネット ゾーンの設定がないブラウザーでは、パスワードに切り替わります。',
}

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
      severity: 'error',
      falseAlarm: { en: 'A few, while an agent is being updated.', ja: 'エージェントの更新中に少数発生することがあります。' },
      reference: 'https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-pass-through-authentication',
    },
    [
      {
        id: 'hybrid-auth.agent-unreachable',
        codes: [80001],
        title: { en: 'No authentication agent reaches Active Directory', ja: '認証エージェントが Active Directory に接続できない' },
        remedy: {
          en: 'Identity team, now: no user of the domain can sign in. See under Microsoft Entra Connect > Pass-through authentication whether an agent is active, start the service on its server, and check that the server is a member of the forest of the users and reaches a domain controller.',
          ja: 'ID 担当が直ちに対応してください。ドメインのユーザーがサインインできません。[Microsoft Entra Connect] > [パススルー認証] でアクティブなエージェントの有無を確認し、サーバーのサービスを開始して、サーバーがユーザーと同じフォレストに参加しドメイン コントローラーに到達できることを確認します。',
        },
        severity: 'critical',
      },
      {
        id: 'hybrid-auth.agent-timeout',
        codes: [80002, 80014],
        title: { en: 'Password validation on premises timed out', ja: 'オンプレミスのパスワード検証のタイムアウト' },
        remedy: {
          en: 'Identity team: look at the load of the domain controllers and of the agents, and add an agent; three or more are usual.',
          ja: 'ID 担当: ドメイン コントローラーとエージェントの負荷を確認し、エージェントを追加してください (3 台以上が推奨)。',
        },
      },
      {
        id: 'hybrid-auth.agent-fault',
        codes: [80003, 80005, 80007],
        title: { en: 'The authentication agent could not validate the password', ja: '認証エージェントがパスワードを検証できない' },
        remedy: {
          en: 'Identity team: read the event log AuthenticationAgent/Admin on the servers of the agents for the Windows error code (1328, 1331 and the like say which state of the account it is), and update the agents. 80005: let the user retry first, and open a support case if it stays.',
          ja: 'ID 担当: エージェントのサーバーのイベント ログ AuthenticationAgent/Admin で Windows エラー コードを確認し (1328 や 1331 などはアカウントの状態を示します)、エージェントを更新してください。80005 の場合はまず再試行し、解消しなければサポートに問い合わせます。',
        },
      },
      {
        id: 'hybrid-auth.agent-key',
        codes: [80010, 80011],
        title: { en: 'The authentication agent cannot decrypt the password', ja: '認証エージェントがパスワードを復号できない' },
        remedy: {
          en: 'Identity team: restart the agent so that it fetches its keys anew; if it stays, remove it and install it again.',
          ja: 'ID 担当: エージェントを再起動してキーを取得し直してください。解消しない場合は削除して再インストールします。',
        },
      },
      {
        id: 'hybrid-auth.clock',
        codes: [80013],
        title: { en: 'The clocks of agent and Active Directory differ', ja: 'エージェントと Active Directory の時刻のずれ' },
        remedy: {
          en: 'Identity team: correct the time service on the server of the agent and on the domain controllers; Kerberos takes at most five minutes of difference.',
          ja: 'ID 担当: エージェントのサーバーとドメイン コントローラーの時刻同期を修正してください。Kerberos が許容する差は 5 分以内です。',
        },
        falseAlarm: { en: 'Briefly, after a server started.', ja: 'サーバーの起動直後に一時的に発生することがあります。' },
      },
      {
        id: 'hybrid-auth.kerberos-ticket',
        codes: [81004, 81009],
        interruptCodes: [81010, 81014],
        title: {
          en: 'Seamless single sign-on got no valid Kerberos ticket',
          ja: 'シームレス シングル サインオンの Kerberos チケットが無効',
        },
        remedy: {
          en: 'Identity team: users go on with a password meanwhile. One user: let them lock and unlock the device, or run klist purge, for the ticket ran out. Many users: check the encryption type of the computer account AZUREADSSOACC, and roll over its Kerberos key.',
          ja: 'ID 担当: その間ユーザーはパスワードで続行できます。特定のユーザーのみの場合はチケットの期限切れのため、デバイスをロックして解除するか、klist purge を実行してもらってください。多数のユーザーの場合は、コンピューター アカウント AZUREADSSOACC の暗号化の種類を確認し、Kerberos キーをロールオーバーします。',
        },
        severity: 'warning',
        falseAlarm: fallback,
        reference: seamlessPage,
      },
      {
        id: 'hybrid-auth.no-ticket-sent',
        codes: [81005, 81006],
        title: {
          en: 'The device sent no Kerberos ticket for seamless single sign-on',
          ja: 'シームレス シングル サインオンの Kerberos チケットが送信されていない',
        },
        remedy: {
          en: 'Identity team: put https://autologon.microsoftazuread-sso.com into the intranet zone of the devices by group policy, and allow the browser to send Kerberos there. 81005: the device offered another protocol, mostly NTLM, because it does not reach a domain controller.',
          ja: 'ID 担当: グループ ポリシーで https://autologon.microsoftazuread-sso.com をデバイスのイントラネット ゾーンに追加し、ブラウザーから Kerberos を送信できるようにしてください。81005 は、デバイスがドメイン コントローラーに到達できず、別のプロトコル (多くは NTLM) を提示したことを示します。',
        },
        severity: 'warning',
        falseAlarm: fallback,
        reference: seamlessPage,
      },
      {
        id: 'hybrid-auth.ticket-too-large',
        codes: [81001],
        title: { en: 'The Kerberos ticket is too large', ja: 'Kerberos チケットが大きすぎる' },
        remedy: {
          en: 'Identity team: reduce the group memberships of the user in Active Directory; the user goes on with a password meanwhile.',
          ja: 'ID 担当: Active Directory でユーザーのグループ メンバーシップを減らしてください。その間ユーザーはパスワードで続行できます。',
        },
        severity: 'warning',
        falseAlarm: fallback,
        reference: seamlessPage,
      },
      {
        id: 'hybrid-auth.seamless-sso-off',
        codes: [50180, 81007],
        title: { en: 'Seamless single sign-on is not enabled', ja: 'シームレス シングル サインオンが有効でない' },
        remedy: {
          en: 'Identity team: enable seamless single sign-on in Microsoft Entra Connect if it is wanted; if not, take the intranet zone setting away from the devices, which makes browsers try.',
          ja: 'ID 担当: 使用する場合は Microsoft Entra Connect でシームレス シングル サインオンを有効にし、使用しない場合はブラウザーに試行させているイントラネット ゾーンの設定をデバイスから削除してください。',
        },
        severity: 'warning',
        falseAlarm: fallback,
        reference: seamlessPage,
      },
      {
        id: 'hybrid-auth.user-not-synchronized',
        codes: [81011],
        title: {
          en: 'The user of the Kerberos ticket is not in the directory',
          ja: 'Kerberos チケットのユーザーがディレクトリに存在しない',
        },
        remedy: {
          en: 'Identity team: synchronize the user with Microsoft Entra Connect; the security identifier in the ticket belongs to no user there.',
          ja: 'ID 担当: Microsoft Entra Connect でユーザーを同期してください。チケットのセキュリティ識別子に対応するユーザーが存在しません。',
        },
        severity: 'warning',
        falseAlarm: {
          en: 'Administrators signed in to Windows with an account that is not synchronized.',
          ja: '同期されていないアカウントで Windows にサインインしている管理者。',
        },
        reference: seamlessPage,
      },
      {
        id: 'hybrid-auth.other-user',
        interruptCodes: [81012],
        title: { en: 'The user differs from the one signed in to the device', ja: 'デバイスにサインインしているユーザーと異なる' },
        remedy: {
          en: 'Nobody: it says only that somebody signs in with another account than that of the device.',
          ja: '対処は不要です。デバイスとは別のアカウントでサインインしていることを示すのみです。',
        },
        mendedBy: 'nobody',
        severity: 'info',
        falseAlarm: { en: 'Always: Microsoft says that it can be ignored.', ja: '常に。Microsoft は無視してよいとしています。' },
        reference: seamlessPage,
      },
      {
        id: 'hybrid-auth.domain-hint',
        codes: [51001],
        title: { en: 'The request lacks a domain hint', ja: '要求にドメイン ヒントがない' },
        remedy: {
          en: 'App owner: send domain_hint together with the on-premises security identifier or user name.',
          ja: 'アプリの所有者: オンプレミスのセキュリティ識別子またはユーザー名とともに domain_hint を送信してください。',
        },
        mendedBy: 'app-owner',
        severity: 'warning',
        falseAlarm: { en: 'Expected while an application is being developed.', ja: 'アプリの開発中は想定内です。' },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow',
      },
    ],
  ),
)

import { codeList, defineFamily, sharing } from '../defineFamily'

/** AD FS and other identity providers that Entra trusts, external OpenID Connect providers among them. */
export const federation = defineFamily(
  {
    id: 'federation',
    title: { en: 'Federation', ja: 'フェデレーション' },
    meaning: {
      en: 'The federated identity provider did not answer, or its answer is not valid.',
      ja: 'フェデレーション先の ID プロバイダーが応答しないか、応答が有効ではありません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Identity team: compare the federation settings of the domain (Get-MgDomainFederationConfiguration) with the identity provider: issuer, addresses and signing certificate have to be equal.',
        ja: 'ID 担当: ドメインのフェデレーション設定 (Get-MgDomainFederationConfiguration) と ID プロバイダーの発行者、アドレス、署名証明書を比較し、一致させてください。',
      },
      mendedBy: 'identity-team',
      severity: 'error',
      falseAlarm: {
        en: 'Single ones, when a user goes back in the browser.',
        ja: 'ユーザーがブラウザーで戻る操作をした場合に単発で発生します。',
      },
      reference: codeList,
    },
    [
      {
        id: 'federation.invalid-token',
        codes: [50008, 399284],
        title: { en: 'The token of the identity provider is not valid', ja: 'ID プロバイダーのトークンが無効' },
        remedy: {
          en: 'Identity team: look first whether the signing certificate of the provider (AD FS token signing) was renewed: update it in Entra. Then check issuer, audience, the ImmutableID claim and the clock of the provider.',
          ja: 'ID 担当: まず、プロバイダーの署名証明書 (AD FS のトークン署名) が更新されていないか確認し、Entra 側を更新してください。次に発行者、対象者、ImmutableID のクレーム、プロバイダーの時刻を確認します。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-o365-certs',
      },
      {
        id: 'federation.email-claim',
        codes: [5000819],
        title: { en: 'The email claim does not fit the federated domain', ja: 'メール アドレスのクレームがドメインと一致しない' },
        remedy: {
          en: 'Owner of the identity provider: send the claim emailaddress, with an address in the domain that the federation with the guests is set up for.',
          ja: 'ID プロバイダーの所有者: ゲストとのフェデレーションで設定したドメインのアドレスを、クレーム emailaddress として送信してください。',
        },
        mendedBy: 'partner-tenant',
        severity: 'warning',
        reference: 'https://learn.microsoft.com/entra/external-id/direct-federation',
      },
      {
        id: 'federation.provider-error',
        codes: [40008, 40009, 40015],
        serviceCodes: [40010, 40014],
        title: { en: 'The identity provider answered with an error or not at all', ja: 'ID プロバイダーのエラーまたは無応答' },
        remedy: {
          en: 'Identity team or owner of the identity provider: look at its own log for the time of the sign-in; Entra only passes its error on. User: try again (40010 and 40014 are transient).',
          ja: 'ID 担当または ID プロバイダーの所有者: サインインの時刻のプロバイダーのログを確認してください。Entra はそのエラーを伝えているだけです。ユーザー: 再試行してください (40010 と 40014 は一時的なもの)。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        reference: 'https://learn.microsoft.com/entra/external-id/identity-providers',
      },
      {
        id: 'federation.provider-denied',
        codes: [90123],
        title: { en: 'The identity provider denied the request', ja: 'ID プロバイダーによる拒否' },
        remedy: {
          en: 'Identity team or owner of the identity provider: its policy refuses the user or the application; look in its log for the reason, and allow it there.',
          ja: 'ID 担当または ID プロバイダーの所有者: プロバイダー側のポリシーがユーザーまたはアプリを拒否しています。ログで理由を確認し、必要であれば許可してください。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        falseAlarm: {
          en: 'Meant, when that policy is to keep the user out.',
          ja: 'そのユーザーを拒否するためのポリシーであれば、意図した結果です。',
        },
        reference: 'https://learn.microsoft.com/entra/external-id/identity-providers',
      },
      {
        id: 'federation.missing-claim',
        codes: [901011, 901012, 901014],
        title: {
          en: 'The external provider sent no usable email address or identifier',
          ja: '外部プロバイダーのメール アドレスまたは識別子の不足',
        },
        remedy: {
          en: 'Owner of the external identity provider: send a verified email address and a subject for every user.',
          ja: '外部 ID プロバイダーの所有者: すべてのユーザーについて確認済みのメール アドレスとサブジェクトを送信してください。',
        },
        mendedBy: 'partner-tenant',
        severity: 'warning',
        reference: 'https://learn.microsoft.com/entra/external-id/customers/how-to-custom-oidc-federation-customers',
      },
      {
        id: 'federation.message-invalid',
        codes: [20001, 20012],
        title: { en: 'The WS-Federation message is not valid', ja: 'WS-Federation メッセージが無効' },
        remedy: {
          en: 'Identity team or owner of the identity provider: record the answer with the browser tools; it has to carry a SAML 1.1 token in a well-formed WS-Federation response to the address of Entra.',
          ja: 'ID 担当または ID プロバイダーの所有者: ブラウザーの開発者ツールで応答を採取してください。SAML 1.1 トークンを含む正しい形式の WS-Federation 応答を Entra のアドレスに送信する必要があります。',
        },
        severity: 'warning',
        reference: 'https://learn.microsoft.com/windows-server/identity/ad-fs/troubleshooting/ad-fs-tshoot-fiddler-ws-fed',
      },
      {
        id: 'federation.request-invalid',
        codes: [90081, 90087],
        title: { en: 'The WS-Federation request is not valid', ja: 'WS-Federation 要求が無効' },
        remedy: {
          en: 'App owner: correct the link that sends people to sign in: wa=wsignin1.0, wtrealm with the registered identifier, and every value encoded for a URL. When the message comes from an identity provider, its owner compares it with a working one by the browser tools.',
          ja: 'アプリの所有者: サインインへ誘導するリンクを修正してください。wa=wsignin1.0、登録済みの識別子を指定した wtrealm が必要で、すべての値を URL エンコードします。ID プロバイダーからのメッセージの場合は、その所有者がブラウザーの開発者ツールで正常なものと比較してください。',
        },
        mendedBy: 'app-owner',
        severity: 'warning',
        falseAlarm: { en: 'Old bookmarks and scanners.', ja: '古いブックマークやスキャナー。' },
        reference: 'https://learn.microsoft.com/windows-server/identity/ad-fs/troubleshooting/ad-fs-tshoot-fiddler-ws-fed',
      },
      {
        id: 'federation.realm-not-configured',
        codes: [20033, 50107, 50169],
        title: { en: 'The realm is not one that Entra knows', ja: '構成されていない領域 (レルム)' },
        remedy: {
          en: 'Identity team: the domain, realm or issuer has no federation object. When a guest redeems an invitation (50107), make the issuer of the SAML response equal to the Issuer URI under External Identities > All identity providers; else verify the domain and set the federation up again, or correct the realm in the link that the application sends.',
          ja: 'ID 担当: ドメイン、領域、または発行者に対応するフェデレーション設定がありません。ゲストが招待を承諾する際に発生する場合 (50107) は、SAML 応答の発行者と [External Identities] > [すべての ID プロバイダー] の発行者 URI を一致させてください。それ以外の場合は、ドメインを確認してフェデレーションを再設定するか、アプリが送信するリンクの領域を修正します。',
        },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-aadsts50107-guest-redemption-fails',
      },
      {
        id: 'federation.immutable-id',
        codes: [90020],
        title: { en: 'The token lacks the ImmutableID of the user', ja: 'トークンに ImmutableID がない' },
        remedy: {
          en: 'Identity team: add the claim rule of the identity provider that sends the source anchor as ImmutableID (in AD FS of the relying party Microsoft Office 365 Identity Platform).',
          ja: 'ID 担当: ソース アンカーを ImmutableID として送信する要求規則を ID プロバイダーに追加してください (AD FS では証明書利用者信頼 Microsoft Office 365 Identity Platform)。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/hybrid/connect/plan-connect-design-concepts',
      },
      {
        id: 'federation.authentication-policy',
        codes: [90082],
        title: { en: 'The authentication policy that is asked for is not supported', ja: '要求された認証ポリシーはサポートされていない' },
        remedy: {
          en: 'App owner: leave wauth or the policy out of the WS-Federation request, or ask for one that Entra supports.',
          ja: 'アプリの所有者: WS-Federation 要求から wauth またはポリシーの指定を除くか、サポートされるものを指定してください。',
        },
        mendedBy: 'app-owner',
        severity: 'warning',
        reference: 'https://learn.microsoft.com/windows-server/identity/ad-fs/troubleshooting/ad-fs-tshoot-fiddler-ws-fed',
      },
      {
        id: 'federation.external-method-token',
        codes: [5001256],
        title: { en: 'The token of the external authentication method is not valid', ja: '外部認証方法のトークンが無効' },
        remedy: {
          en: 'Owner of the external authentication method: correct the id token (audience, nonce, subject, acr and amr as Entra asked for them) and its signing key; users can take another method meanwhile.',
          ja: '外部認証方法の所有者: ID トークン (Entra が要求した対象者、nonce、サブジェクト、acr、amr) と署名キーを修正してください。その間ユーザーは別の方法を使用できます。',
        },
        mendedBy: 'partner-tenant',
        reference: 'https://learn.microsoft.com/entra/identity/authentication/concept-authentication-external-method-provider',
      },
      {
        id: 'federation.social-sign-in',
        interruptCodes: [50085],
        title: { en: 'The user has to sign in at the social provider again', ja: 'ソーシャル プロバイダーでの再サインインが必要' },
        remedy: {
          en: 'User: sign in again at the provider (Google, Facebook or another) that the page leads to.',
          ja: 'ユーザー: 表示されたプロバイダー (Google、Facebook など) でサインインし直してください。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: { en: 'Expected when the session there has run out.', ja: 'プロバイダー側のセッションの期限切れであり、想定内です。' },
        reference: 'https://learn.microsoft.com/entra/external-id/google-federation',
      },
    ],
  ),
)

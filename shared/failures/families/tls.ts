import { defineFamily, withCodes } from '../defineFamily'
import { isPhoneElsewhere, isWorkload } from '../rowSigns'

const tlsPage = 'https://learn.microsoft.com/troubleshoot/entra/entra-id/ad-dmn-services/enable-support-tls-environment'
const certificateCodes = [50192, 500180, 500181]
const office = [{ networkType: 'trustedNamedLocation', networkNames: ['Head office'] }]
const proxyPage = 'https://learn.microsoft.com/cli/azure/use-azure-cli-successfully-troubleshooting'

/** TLS that Entra refuses, or that something between the client and Entra breaks. */
export const tls = defineFamily(
  {
    id: 'tls',
    title: { en: 'TLS', ja: 'TLS 接続' },
    meaning: {
      en: 'The connection to Entra uses a refused TLS version, or inspection of TLS takes away a certificate that is needed.',
      ja: 'Entra への接続が拒否される TLS バージョンを使用しているか、TLS インスペクションにより必要な証明書が失われています。',
    },
    facetsByClass: true,
  },
  [
    {
      id: 'tls.legacy',
      codes: [1002016],
      title: { en: 'Refused for TLS 1.0, TLS 1.1 or 3DES', ja: 'TLS 1.0、TLS 1.1 または 3DES による拒否' },
      remedy: {
        en: 'Owner of the client (see user agent and application): make it speak TLS 1.2 or later. Windows PowerShell: run [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12 in the same process before connecting. .NET Framework: install 4.7 or later and set SchUseStrongCrypto and SystemDefaultTlsVersions to 1 under .NETFramework\\v4.0.30319 and v2.0.50727, for 64-bit and Wow6432Node. Windows 7 and Server 2008 R2: enable TLS 1.2 under SCHANNEL; Windows 8 and Server 2012: install KB3140245 and set the WinHTTP values. Then update the operating system.',
        ja: 'クライアントの所有者 (ユーザー エージェントとアプリケーションを確認): TLS 1.2 以降を使用させてください。Windows PowerShell では、接続前に同じプロセスで [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12 を実行します。.NET Framework では 4.7 以降を導入し、.NETFramework\\v4.0.30319 と v2.0.50727 (64 ビットと Wow6432Node の両方) の SchUseStrongCrypto と SystemDefaultTlsVersions を 1 に設定します。Windows 7 と Server 2008 R2 では SCHANNEL で TLS 1.2 を有効にし、Windows 8 と Server 2012 では KB3140245 を適用して WinHTTP の値を設定します。あわせて OS を更新してください。',
      },
      mendedBy: 'app-owner',
      severity: 'error',
      falseAlarm: {
        en: 'Single ones: Windows may fall back to an old version after a lost packet and then succeeds with TLS 1.2.',
        ja: '単発のもの。Windows はパケット損失の後に古いバージョンへ一時的に切り替え、その後 TLS 1.2 で成功することがあります。',
      },
      reference: tlsPage,
      matches: [{ status: { errorCode: 1002016 } }, { status: { errorCode: 1002016 }, clientAppUsed: 'Other clients' }],
      rejects: [
        { status: { errorCode: 1002012 } },
        { status: { errorCode: 0 }, authenticationProcessingDetails: [{ key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'True' }] },
      ],
    },
    {
      id: 'tls.application-certificate',
      codes: certificateCodes,
      when: isWorkload,
      condition: { en: 'an application signed in for itself', ja: 'アプリ自身のサインインの場合' },
      title: {
        en: 'The application did not present its certificate on the connection',
        ja: 'アプリが接続時に自身の証明書を提示していない',
      },
      remedy: {
        en: 'App owner: present the registered certificate as the TLS client certificate of the very connection that asks for the token, and take it from the key that signs the assertion (500181: the two differ). When the code did not change, ask the network team for a proxy that ends TLS in between.',
        ja: 'アプリの所有者: トークンを要求する接続そのもので、登録済みの証明書を TLS クライアント証明書として提示し、アサーションに署名するキーと同じものを使用してください (500181 は両者の不一致)。コードを変更していない場合は、途中で TLS を終端するプロキシがないかネットワーク担当に確認します。',
      },
      mendedBy: 'app-owner',
      severity: 'error',
      falseAlarm: { en: 'Expected while the certificate is being rolled over.', ja: '証明書の更新中は想定内です。' },
      reference: 'https://learn.microsoft.com/entra/identity-platform/certificate-credentials',
      matches: [
        { status: { errorCode: 500181 }, stream: 'servicePrincipal' },
        { status: { errorCode: 500180 }, stream: 'servicePrincipal', networkLocationDetails: office },
      ],
      rejects: [
        { status: { errorCode: 500181 } },
        { status: { errorCode: 50192 }, stream: 'interactiveUser', networkLocationDetails: office },
        { status: { errorCode: 700027 }, stream: 'servicePrincipal' },
      ],
    },
    {
      id: 'tls.certificate-not-presented',
      codes: [50192],
      when: isPhoneElsewhere,
      condition: {
        en: 'a phone or tablet outside every named network, so no proxy of ours is in the way',
        ja: '登録済みネットワーク以外の電話またはタブレットからの場合 (自社のプロキシを経由しない)',
      },
      title: { en: 'The device presented no certificate', ja: 'デバイスから証明書が提示されていない' },
      remedy: {
        en: 'Help desk: check that the user certificate is on the device (the profile in Intune, a derived credential or a security key), then let the user try again and choose it when asked. Network team, only when devices on company networks fail too: look for TLS inspection.',
        ja: 'ヘルプ デスク: ユーザー証明書がデバイスにあること (Intune のプロファイル、派生資格情報、またはセキュリティ キー) を確認し、再試行して証明書を選択してもらってください。社内ネットワークのデバイスでも失敗する場合に限り、ネットワーク担当が TLS インスペクションを調べます。',
      },
      mendedBy: 'help-desk',
      severity: 'warning',
      falseAlarm: {
        en: 'A single one, when the user closed the certificate prompt.',
        ja: 'ユーザーが証明書の選択画面を閉じた場合に単発で発生します。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/authentication/concept-certificate-based-authentication-mobile-ios',
      matches: [
        { status: { errorCode: 50192 }, deviceDetail: { operatingSystem: 'Ios 17.5' }, networkLocationDetails: [] },
        { status: { errorCode: 50192 }, deviceDetail: { operatingSystem: 'Android' }, networkLocationDetails: [{ networkNames: [] }] },
      ],
      rejects: [
        { status: { errorCode: 50192 }, deviceDetail: { operatingSystem: 'Ios 17.5' }, networkLocationDetails: office },
        { status: { errorCode: 50192 }, deviceDetail: { operatingSystem: 'Ios 17.5' } },
        { status: { errorCode: 50192 }, deviceDetail: { operatingSystem: 'Windows10' }, networkLocationDetails: [] },
        { status: { errorCode: 50097 }, deviceDetail: { operatingSystem: 'Android' }, networkLocationDetails: [] },
      ],
    },
    {
      id: 'tls.client-certificate',
      codes: certificateCodes,
      title: { en: 'The client certificate was lost on the way', ja: '経路上でのクライアント証明書の喪失' },
      remedy: {
        en: "Network team: take device.login.microsoftonline.com, enterpriseregistration.windows.net and, for certificate-based authentication, certauth.login.microsoftonline.com out of TLS inspection, and don't inspect *.login.microsoftonline.com as a wildcard: the proxy cannot pass on the certificate of the user or device. 500181: the certificate of the connection is not the one of the assertion, so look for a client or proxy that presents another one.",
        ja: 'ネットワーク担当: device.login.microsoftonline.com、enterpriseregistration.windows.net、および証明書ベースの認証で使う certauth.login.microsoftonline.com を TLS インスペクションの対象から除外し、*.login.microsoftonline.com をワイルドカードで検査しないでください。プロキシはユーザーやデバイスの証明書を中継できません。500181 は接続の証明書とアサーションの証明書が異なることを示すため、別の証明書を提示しているクライアントまたはプロキシを調べます。',
      },
      mendedBy: 'network-team',
      severity: 'error',
      falseAlarm: {
        en: 'A single one, when the user closed the certificate prompt.',
        ja: 'ユーザーが証明書の選択画面を閉じた場合に単発で発生します。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions',
      matches: withCodes(50192, 500180, 500181),
      rejects: withCodes(50187, 50155, 50017, 500171),
    },
    {
      id: 'tls.intercepted',
      textOnly: true,
      title: {
        en: 'The client does not trust the proxy that inspects TLS',
        ja: 'TLS インスペクションを行うプロキシの証明書が信頼されていない',
      },
      remedy: {
        en: 'Network team and owner of the client: give the client the root certificate of the proxy in the store that it uses. Azure CLI: REQUESTS_CA_BUNDLE with a .pem file that holds its own certificates and the root. Node (VS Code, @azure/identity): NODE_EXTRA_CA_CERTS. .NET and PowerShell: the trusted root store of the operating system. The proxy must send its intermediate certificates too.',
        ja: 'ネットワーク担当とクライアントの所有者: クライアントが使用する証明書ストアにプロキシのルート証明書を追加してください。Azure CLI は REQUESTS_CA_BUNDLE に、既存の証明書とプロキシのルート証明書を含む .pem ファイルを指定します。Node (VS Code、@azure/identity) は NODE_EXTRA_CA_CERTS を、.NET と PowerShell は OS の信頼されたルート証明機関ストアを使用します。プロキシは中間証明書も送信する必要があります。',
      },
      mendedBy: 'network-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Expected while traffic is being captured with a debugging proxy such as Fiddler.',
        ja: 'Fiddler などのデバッグ プロキシで通信を採取している間は想定内です。',
      },
      reference: proxyPage,
      matches: [],
      rejects: [],
    },
    {
      id: 'tls.handshake',
      textOnly: true,
      title: { en: 'The TLS handshake breaks off', ja: 'TLS ハンドシェイクの中断' },
      remedy: {
        en: 'Network team: something on the way does not speak TLS or cuts it off. Write the proxy as http:// in HTTPS_PROXY when the proxy itself has no TLS, look for a captive portal, and check that the firewall lets login.microsoftonline.com and the other sign-in hosts through.',
        ja: 'ネットワーク担当: 経路上に TLS を話さない、または切断する機器があります。プロキシ自体が TLS に対応していない場合は HTTPS_PROXY に http:// で指定し、キャプティブ ポータルの有無と、ファイアウォールが login.microsoftonline.com などのサインイン先を許可していることを確認します。',
      },
      mendedBy: 'network-team',
      severity: 'warning',
      falseAlarm: {
        en: 'A single one can be a lost connection; repeat the command first.',
        ja: '単発であれば一時的な切断の可能性があります。まずコマンドを再実行してください。',
      },
      reference: proxyPage,
      matches: [],
      rejects: [],
    },
  ],
)

import { defineFamily, exampleOwnTenantId, examplePartnerTenantId, sharing } from '../defineFamily'
import { isAppOfAnotherTenant, isPersons } from '../rowSigns'

const federationPage = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations'

/** How an application proves itself; nothing but its owner can mend it. */
export const appCredential = defineFamily(
  {
    id: 'app-credential',
    title: { en: 'Credentials of the application', ja: 'アプリケーションの資格情報' },
    meaning: {
      en: 'The secret, certificate or federated token of an application is wrong or expired.',
      ja: 'アプリケーションのシークレット、証明書、またはフェデレーション トークンが誤っているか、期限切れです。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: check the credential of the application under App registrations > Certificates & secrets, and prefer a managed identity or a federated credential.',
        ja: 'アプリの所有者: [アプリの登録] の [証明書とシークレット] で資格情報を確認してください。可能であればマネージド ID またはフェデレーション資格情報を使用します。',
      },
      mendedBy: 'app-owner',
      severity: 'error',
      falseAlarm: {
        en: 'A retired job that still runs somewhere fails for ever: stop it.',
        ja: '廃止済みのジョブが動作し続けている場合は失敗が続きます。ジョブを停止してください。',
      },
      reference: 'https://learn.microsoft.com/entra/identity-platform/certificate-credentials',
    },
    [
      {
        id: 'app-credential.app-of-another-tenant',
        codes: [7000215, 7000222, 700027],
        when: isAppOfAnotherTenant,
        condition: { en: 'the app is registered in another tenant', ja: 'アプリの登録が他のテナントにある場合' },
        title: {
          en: 'The publisher of the app uses a wrong or expired credential',
          ja: '他社が登録したアプリの資格情報の誤りまたは期限切れ',
        },
        remedy: {
          en: 'Publisher of the app: the secret or certificate is kept in the tenant that registered the app, so it cannot be renewed here; send them app id, code and time. Identity team: when nobody uses the app any more, delete it under Enterprise applications.',
          ja: 'アプリの発行元: シークレットまたは証明書はアプリを登録したテナントで管理されており、こちらでは更新できません。アプリ ID、コード、発生時刻を伝えてください。ID 担当: 使用していないアプリであれば [エンタープライズ アプリケーション] から削除します。',
        },
        mendedBy: 'partner-tenant',
        severity: 'warning',
        falseAlarm: {
          en: 'A sister organization whose app we run ourselves: then its owner there renews it.',
          ja: 'グループ会社のアプリを自社で運用している場合。登録元の所有者が更新します。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals',
        matches: [
          { status: { errorCode: 7000222 }, appOwnerTenantId: examplePartnerTenantId, stream: 'servicePrincipal' },
          { status: { errorCode: 7000215 }, appOwnerTenantId: '5b1d0000-0000-4000-8000-000000000000', stream: 'interactiveUser' },
        ],
        rejects: [
          { status: { errorCode: 7000222 }, appOwnerTenantId: exampleOwnTenantId.toUpperCase() },
          { status: { errorCode: 7000222 }, appOwnerTenantId: '' },
          { status: { errorCode: 7000222 }, resourceTenantId: examplePartnerTenantId },
          { status: { errorCode: 700024 }, appOwnerTenantId: examplePartnerTenantId },
        ],
      },
      {
        id: 'app-credential.secret-keeps-users-out',
        codes: [7000215, 7000222],
        when: isPersons,
        condition: { en: 'a person signs in to the app', ja: 'ユーザーがアプリにサインインしている場合' },
        title: {
          en: 'Users cannot get into a web app: its secret is wrong or expired',
          ja: 'シークレットの誤りまたは期限切れによる Web アプリへのサインイン不可',
        },
        remedy: {
          en: 'App owner, now: every user of the app is kept out until the app has a valid secret. 7000222: it has expired, so create a new one under App registrations > Certificates & secrets. 7000215: put the value of the secret, not its id, into the configuration. Then restart the app and sign in once.',
          ja: 'アプリの所有者が直ちに対応してください。有効なシークレットが設定されるまで、このアプリの全ユーザーがサインインできません。7000222 は期限切れのため、[アプリの登録] の [証明書とシークレット] で新しく作成します。7000215 は、シークレット ID ではなく値を構成に設定します。その後アプリを再起動し、サインインを確認してください。',
        },
        falseAlarm: { en: 'A few, while a secret is being rolled over.', ja: 'シークレットの更新中に少数発生することがあります。' },
        reference: 'https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials',
        matches: [
          { status: { errorCode: 7000222 }, stream: 'interactiveUser' },
          { status: { errorCode: 7000215 }, signInEventTypes: ['nonInteractiveUser'] },
        ],
        rejects: [
          { status: { errorCode: 7000222 }, stream: 'servicePrincipal' },
          { status: { errorCode: 7000215 } },
          { status: { errorCode: 7000218 }, stream: 'interactiveUser' },
        ],
      },
      {
        id: 'app-credential.expired-secret',
        codes: [7000222],
        title: { en: 'The client secret has expired', ja: 'クライアント シークレットの有効期限切れ' },
        remedy: {
          en: 'App owner: create a new secret (or better a certificate or federated credential) under App registrations > Certificates & secrets, roll it out to every place that runs the application, then remove the expired one.',
          ja: 'アプリの所有者: [アプリの登録] の [証明書とシークレット] で新しいシークレット (可能なら証明書またはフェデレーション資格情報) を作成し、アプリが動作するすべての場所に配布して、期限切れのものを削除してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials',
      },
      {
        id: 'app-credential.wrong-secret',
        codes: [70002, 7000215],
        title: { en: 'The client secret is wrong', ja: 'クライアント シークレットの誤り' },
        remedy: {
          en: 'App owner: configure the value of the secret, not its id, without blanks or encoding, and check that it belongs to this application and tenant; create a new one when the value is lost or the secret was removed.',
          ja: 'アプリの所有者: シークレット ID ではなく値を、空白やエンコードを加えずに設定し、このアプリとテナントのものであることを確認してください。値が不明な場合や削除された場合は新しく作成します。',
        },
        falseAlarm: {
          en: 'Once, while a secret is being rolled over. From an unknown network somebody guesses: look at the address.',
          ja: 'シークレットの更新中に一時的に発生します。未知のネットワークからであれば推測による試行のため、接続元を確認してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials',
      },
      {
        id: 'app-credential.missing',
        codes: [7000216, 7000218, 7000219],
        title: { en: 'The application sent no credential', ja: 'アプリが資格情報を送信していない' },
        remedy: {
          en: 'App owner: a web app or service sends a secret or an assertion. For a desktop, mobile or command-line app turn on Allow public client flows, or register its redirect URI under the platform Mobile and desktop applications.',
          ja: 'アプリの所有者: Web アプリやサービスはシークレットまたはアサーションを送信します。デスクトップ、モバイル、コマンドラインのアプリでは [パブリック クライアント フローを許可する] を有効にするか、リダイレクト URI を [モバイル アプリケーションとデスクトップ アプリケーション] に登録してください。',
        },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/confidential-client-application-authentication-error-aadsts7000218',
      },
      {
        id: 'app-credential.public-client',
        codes: [700025],
        title: { en: 'A public client sent a credential', ja: 'パブリック クライアントが資格情報を送信した' },
        remedy: {
          en: 'App owner: take the secret out of the request, or register the redirect URI under the platform Web if the application can keep a secret.',
          ja: 'アプリの所有者: 要求からシークレットを除くか、シークレットを保護できるアプリであればリダイレクト URI をプラットフォーム [Web] に登録してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/msal-client-applications',
      },
      {
        id: 'app-credential.certificate-not-registered',
        codes: [700026, 700027, 700028],
        title: { en: 'The certificate of the application is not registered', ja: 'アプリの証明書が登録されていない' },
        remedy: {
          en: 'App owner: compare the thumbprint that the application uses with those under Certificates & secrets, upload the public part of the new certificate there, and check that it has not run out.',
          ja: 'アプリの所有者: アプリが使用する証明書の拇印を [証明書とシークレット] の一覧と比較し、新しい証明書の公開部分を登録して、有効期限を確認してください。',
        },
        falseAlarm: { en: 'Briefly, while a certificate is being rolled over.', ja: '証明書の更新中に一時的に発生します。' },
      },
      {
        id: 'app-credential.assertion-signature',
        codes: [50006, 50012, 900384],
        title: { en: 'The signature of the assertion or token is not accepted', ja: 'アサーションまたはトークンの署名が受け入れられない' },
        remedy: {
          en: 'App owner: read the message of the sign-in for the exact cause, then check that the assertion is signed with the private key of a registered certificate, by the algorithm in its header, and was not changed on the way.',
          ja: 'アプリの所有者: サインインのメッセージで正確な原因を確認し、登録済み証明書の秘密キーとヘッダーのアルゴリズムで署名されていること、途中で変更されていないことを確認してください。',
        },
      },
      {
        id: 'app-credential.assertion-expired',
        codes: [700024],
        title: { en: 'The client assertion is outside its time', ja: 'クライアント アサーションの有効期間外' },
        remedy: {
          en: 'App owner: ask for the token right before use; in pipelines it mostly means that a federated token of a few minutes was used again by a later step. Otherwise correct the clock of the machine.',
          ja: 'アプリの所有者: トークンは使用直前に取得してください。パイプラインでは多くの場合、有効期間が数分のフェデレーション トークンを後の手順で再利用したことが原因です。そうでない場合はコンピューターの時刻を修正します。',
        },
      },
      {
        id: 'app-credential.assertion-claims',
        codes: [50048, 50120, 700021],
        title: { en: 'The client assertion names something else', ja: 'クライアント アサーションの内容の不一致' },
        remedy: {
          en: 'App owner: set issuer and subject of the assertion to the client id of the request, and its header as documented; a current library does it right.',
          ja: 'アプリの所有者: アサーションの発行者とサブジェクトを要求のクライアント ID に一致させ、ヘッダーを仕様どおりに設定してください。最新のライブラリを使えば正しく設定されます。',
        },
      },
      {
        id: 'app-credential.certificate-authority',
        codes: [700030, 7000211, 7000212, 7000213],
        title: { en: 'The certificate does not meet the trusted authority policy', ja: '証明書が信頼された証明機関のポリシーを満たさない' },
        remedy: {
          en: 'App owner: present a certificate whose subject name is the registered one, with its chain; identity team: add the issuing authority to the trusted certificate authority configuration of the application.',
          ja: 'アプリの所有者: 登録されたサブジェクト名の証明書をチェーンとともに提示してください。ID 担当: 発行元の証明機関をアプリの信頼された証明機関の構成に追加してください。',
        },
        reference: 'https://learn.microsoft.com/graph/api/resources/certificatebasedapplicationconfiguration',
      },
      {
        id: 'app-credential.certificate-revoked',
        codes: [7000214],
        title: { en: 'The certificate of the application was revoked', ja: 'アプリの証明書が失効している' },
        remedy: {
          en: 'App owner: issue and register a new certificate; ask why the old one was revoked, and treat a compromise as an incident.',
          ja: 'アプリの所有者: 新しい証明書を発行して登録してください。失効の理由を確認し、漏えいであればインシデントとして対応します。',
        },
        falseAlarm: { en: 'Meant, for a certificate that was withdrawn.', ja: '取り下げた証明書であれば意図した結果です。' },
      },
      {
        id: 'app-credential.certificate-not-found',
        textOnly: true,
        title: { en: 'The certificate is not in the store that was searched', ja: '検索したストアに証明書がない' },
        remedy: {
          en: 'App owner: put the certificate with its private key into the store of the user that runs the script; Connect-MgGraph may look in the user store only.',
          ja: 'アプリの所有者: スクリプトを実行するユーザーの証明書ストアに秘密キー付きの証明書を配置してください。Connect-MgGraph はユーザー ストアのみを検索することがあります。',
        },
        reference: 'https://learn.microsoft.com/powershell/microsoftgraph/authentication-commands',
      },
      {
        id: 'app-credential.federated',
        codes: [70021, 700213, 7000226, 7000227],
        title: { en: 'No federated identity credential matches', ja: '一致するフェデレーション ID 資格情報がない' },
        remedy: {
          en: 'App owner: add a federated credential to the application or managed identity, and make issuer, subject and audience equal to those of the token that is presented, to the letter (branch, environment and repository are part of the subject).',
          ja: 'アプリの所有者: アプリまたはマネージド ID にフェデレーション資格情報を追加し、発行者、サブジェクト、対象者を提示されるトークンと完全に一致させてください (ブランチ、環境、リポジトリはサブジェクトに含まれます)。',
        },
        falseAlarm: {
          en: 'For a few minutes after the credential was created or changed.',
          ja: '資格情報の作成や変更の直後の数分間。',
        },
        reference: federationPage,
      },
      {
        id: 'app-credential.federated-token-rules',
        codes: [70022, 70023, 700229],
        title: { en: 'The federated token breaks a rule', ja: 'フェデレーション トークンが要件を満たさない' },
        remedy: {
          en: 'App owner: 70022: publish the metadata of the issuer on an https address without query, not on loopback. 70023: issue tokens that live at most as long as the message says. 700229: present an app-only token, not one of a user.',
          ja: 'アプリの所有者: 70022 は、発行者のメタデータをループバックではなくクエリのない https の URL で公開してください。70023 は、メッセージが示す上限以内の有効期間でトークンを発行してください。700229 は、ユーザーではなくアプリのみのトークンを提示してください。',
        },
        reference: federationPage,
      },
      {
        id: 'app-credential.service-identity',
        codes: [67003],
        title: { en: 'The actor is no valid service identity', ja: '有効なサービス ID ではないアクター' },
        remedy: {
          en: 'App owner: use a service principal that exists and is enabled in the tenant as the actor of the delegation.',
          ja: 'アプリの所有者: テナントに存在し有効なサービス プリンシパルを、委任のアクターとして使用してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals',
      },
    ],
  ),
)

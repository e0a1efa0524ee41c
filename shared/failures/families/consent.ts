import { defineFamily, sharing } from '../defineFamily'
import { isUnattended } from '../rowSigns'

/** What an application may do on behalf of a user. */
export const consent = defineFamily(
  {
    id: 'consent',
    title: { en: 'Consent', ja: '同意' },
    meaning: {
      en: 'The application lacks consent, of the user or of an administrator, for what it asks.',
      ja: 'アプリケーションが要求するアクセス許可に、ユーザーまたは管理者の同意がありません。',
    },
    needsPerson: true,
  },
  sharing(
    {
      remedy: {
        en: 'Identity team: review the permissions that the application asks for, and grant admin consent under Enterprise applications > Permissions, or decline.',
        ja: 'ID 担当: アプリが要求するアクセス許可を確認し、[エンタープライズ アプリケーション] の [アクセス許可] で管理者の同意を与えるか、拒否してください。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Unknown applications that ask for much may be consent phishing: then the refusal is right.',
        ja: '多くの権限を求める未知のアプリは同意フィッシングの可能性があり、その場合の拒否は適切です。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent',
    },
    [
      {
        id: 'consent.unattended',
        interruptCodes: [65001],
        when: isUnattended,
        condition: {
          en: 'nobody can answer: an application, a password grant, or a command-line tool in the background',
          ja: '応答できる人がいない場合 (アプリ、パスワード許可、バックグラウンドのコマンドライン ツール)',
        },
        title: { en: 'A script runs into a missing consent', ja: 'スクリプトでの同意の不足' },
        remedy: {
          en: 'Identity team: nobody sees the prompt, so review the permissions of the application and grant admin consent. Owner of the script: with Microsoft Graph PowerShell connect once interactively with the scopes that the script needs.',
          ja: 'ID 担当: 同意の画面を見る人がいません。アプリのアクセス許可を確認し、管理者の同意を与えてください。スクリプトの所有者: Microsoft Graph PowerShell の場合は、必要なスコープを指定して一度対話型で接続してください。',
        },
        matches: [
          { status: { errorCode: 65001 }, authenticationProtocol: ['ropc'] },
          { status: { errorCode: 65001 }, stream: 'nonInteractiveUser', appId: '14d82eec-204b-4c2f-b7e8-296a70dab67e' },
        ],
        rejects: [{ status: { errorCode: 65001 } }, { status: { errorCode: 65001 }, stream: 'interactiveUser' }],
      },
      {
        id: 'consent.required',
        interruptCodes: [65001],
        title: { en: 'Consent is required', ja: '同意が必要' },
        remedy: {
          en: 'User: sign in interactively and accept what the application asks for. App owner, when no prompt appears: send a new interactive request with the permissions; identity team: grant admin consent when users may not.',
          ja: 'ユーザー: 対話型でサインインし、アプリが求める内容に同意してください。アプリの所有者 (画面が表示されない場合): アクセス許可を指定して対話型の要求を送信してください。ID 担当: ユーザーが同意できない場合は管理者の同意を与えてください。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: {
          en: 'A consent prompt by itself: the user goes on after it.',
          ja: '同意の要求そのものは正常で、ユーザーはその後続行します。',
        },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues',
      },
      {
        id: 'consent.guest-privacy',
        interruptCodes: [50202, 50204, 50205],
        title: { en: 'A guest is asked to accept the terms of the organization', ja: 'ゲストへの組織の条件の同意の要求' },
        remedy: {
          en: 'User: read and accept the review-permissions page of the inviting organization (50205: done already, so only go on).',
          ja: 'ユーザー: 招待元の組織のアクセス許可の確認画面を読み、同意してください (50205 は同意済みのため、続行するのみです)。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: { en: 'Expected at the first sign-in of every guest.', ja: 'ゲストの初回サインインでは想定内です。' },
        reference: 'https://learn.microsoft.com/entra/external-id/redemption-experience',
      },
      {
        id: 'consent.linked-in',
        interruptCodes: [52004],
        title: { en: 'The LinkedIn connection needs consent', ja: 'LinkedIn 接続への同意が必要' },
        remedy: {
          en: 'User: connect the LinkedIn account when asked, or skip it. Identity team: turn LinkedIn account connections off under Users > User settings if they are not wanted.',
          ja: 'ユーザー: 必要であれば LinkedIn アカウントを接続し、不要であればスキップしてください。ID 担当: 使用しない場合は [ユーザー] > [ユーザー設定] で LinkedIn アカウント接続を無効にします。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: { en: 'Always: the work account is not affected.', ja: '常に。職場アカウントのサインインには影響しません。' },
        reference: 'https://learn.microsoft.com/entra/identity/users/linkedin-integration',
      },
      {
        id: 'consent.single-sign-on',
        interruptCodes: [9002341],
        title: { en: 'The user has to permit single sign-on', ja: 'シングル サインオンの許可が必要' },
        remedy: {
          en: 'User: allow single sign-on on the page that appears. App owner, when none appears: send the user to the sign-in page instead of asking silently.',
          ja: 'ユーザー: 表示された画面でシングル サインオンを許可してください。アプリの所有者 (表示されない場合): サイレント要求ではなくサインイン ページに誘導してください。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: { en: 'Once for each device and account in Europe.', ja: '欧州では、デバイスとアカウントごとに一度発生します。' },
        reference: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
      },
      {
        id: 'consent.admin-required',
        codes: [90094],
        interruptCodes: [90095],
        title: { en: 'Admin consent is required', ja: '管理者の同意が必要' },
        remedy: {
          en: 'Identity team: look at the requests under Enterprise applications > Admin consent requests; review publisher and permissions, then grant or deny. Users cannot consent themselves.',
          ja: 'ID 担当: [エンタープライズ アプリケーション] の [管理者の同意要求] を確認し、発行元とアクセス許可を確認して承認または拒否してください。ユーザー自身は同意できません。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/enterprise-apps/review-admin-consent-requests',
      },
      {
        id: 'consent.partner-preconsent',
        codes: [90099],
        title: {
          en: 'The application of a partner is not authorized in the customer tenant',
          ja: 'パートナーのアプリが顧客テナントで承認されていない',
        },
        remedy: {
          en: 'App owner (the partner): create the consent in the customer tenant through the Partner Center API, or have the customer grant admin consent, before delegated administrators use the application there.',
          ja: 'アプリの所有者 (パートナー): 委任された管理者が使用する前に、パートナー センター API で顧客テナントの同意を作成するか、顧客に管理者の同意を依頼してください。',
        },
        mendedBy: 'app-owner',
        reference: 'https://learn.microsoft.com/partner-center/developer/control-panel-vendor-apis',
      },
      {
        id: 'consent.declined',
        codes: [65004],
        title: { en: 'The user declined consent', ja: 'ユーザーが同意を拒否した' },
        remedy: {
          en: 'Nobody: the user said no. If it was a slip, the user can sign in to the application again and accept.',
          ja: '対処は不要です。ユーザーが拒否しました。誤りであれば、アプリに再度サインインして承諾できます。',
        },
        mendedBy: 'nobody',
        severity: 'info',
        falseAlarm: { en: 'Meant: a refusal of an unknown application is right.', ja: '未知のアプリに対する拒否であれば適切な判断です。' },
        reference: 'https://learn.microsoft.com/entra/identity-platform/application-consent-experience',
      },
      {
        id: 'consent.first-party-application',
        codes: [65002, 65003],
        title: {
          en: 'An application of Microsoft is used for something it may not do',
          ja: 'Microsoft のアプリ ID の許可されていない使用',
        },
        remedy: {
          en: 'App owner: register an application of your own; an id that belongs to Microsoft works only with the resources that Microsoft has preauthorized. 65003: name the resource by its URI.',
          ja: 'アプリの所有者: 独自のアプリを登録してください。Microsoft のアプリ ID は、Microsoft が事前承認したリソースでのみ使用できます。65003 の場合はリソースを URI で指定します。',
        },
        mendedBy: 'app-owner',
        falseAlarm: {
          en: 'Tools of attackers try it too: look at who and from where.',
          ja: '攻撃ツールでも発生します。ユーザーと接続元を確認してください。',
        },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in',
      },
      {
        id: 'consent.permission-unknown',
        codes: [65006],
        title: { en: 'A configured permission does not exist on the resource', ja: '構成されたアクセス許可がリソースに存在しない' },
        remedy: {
          en: 'App owner: remove the permission from API permissions of the registration and add it anew; its id is not one that the resource offers.',
          ja: 'アプリの所有者: アプリの登録の [API のアクセス許可] から該当するアクセス許可を削除して追加し直してください。リソースが提供していない ID です。',
        },
        mendedBy: 'app-owner',
        falseAlarm: { en: 'Expected while an application is being developed.', ja: 'アプリの開発中は想定内です。' },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues',
      },
      {
        id: 'consent.sign-in-permission',
        codes: [90008],
        title: { en: 'The application lacks the permission to sign users in', ja: 'サインイン用のアクセス許可がない' },
        remedy: {
          en: 'App owner: add the delegated permission User.Read of Microsoft Graph (sign in and read user profile) to the registration, then have it consented to.',
          ja: 'アプリの所有者: アプリの登録に Microsoft Graph の委任されたアクセス許可 User.Read (サインインとユーザー プロファイルの読み取り) を追加し、同意を得てください。',
        },
        mendedBy: 'app-owner',
        falseAlarm: { en: 'Expected while an application is being developed.', ja: 'アプリの開発中は想定内です。' },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues',
      },
      {
        id: 'consent.approval-missing',
        codes: [50150],
        title: { en: 'The credential carries no approval of the user', ja: '資格情報にユーザーの承認情報がない' },
        remedy: {
          en: 'User: sign in again and approve the request; app owner: start a new interactive request instead of using the stored credential.',
          ja: 'ユーザー: サインインし直して要求を承認してください。アプリの所有者: 保存した資格情報ではなく、新しい対話型の要求を開始してください。',
        },
        mendedBy: 'user',
        falseAlarm: {
          en: 'Single ones, when a page was left open for long.',
          ja: 'ページを長時間開いたままにした場合に単発で発生します。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
      },
    ],
  ),
)

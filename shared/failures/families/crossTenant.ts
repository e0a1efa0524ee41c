import { defineFamily, withCodes } from '../defineFamily'

const settingsPage = 'https://learn.microsoft.com/entra/external-id/cross-tenant-access-settings-b2b-collaboration'

/** Blocks by cross-tenant access settings, which two tenants agree on; tenant restrictions are another family. */
export const crossTenant = defineFamily(
  {
    id: 'cross-tenant',
    title: { en: 'Cross-tenant access settings', ja: 'クロステナント アクセス設定' },
    meaning: {
      en: 'The cross-tenant access settings of the home tenant or of the resource tenant do not allow this sign-in.',
      ja: 'ホーム テナントまたはリソース テナントのクロステナント アクセス設定が、このサインインを許可していません。',
    },
    facetsByClass: true,
  },
  [
    {
      id: 'cross-tenant.outbound',
      codes: [500212],
      title: { en: "Blocked by the home tenant's outbound settings", ja: 'ホーム テナントの送信アクセス設定によるブロック' },
      remedy: {
        en: "Identity team of the user's home tenant: if the access is wanted, open Entra admin center > External Identities > Cross-tenant access settings > Organizational settings, add the resource tenant, and allow the user (or group) and the application under outbound access. Inherited defaults may block everyone.",
        ja: 'ユーザーのホーム テナントの ID 担当: アクセスを許可する場合は、Entra 管理センター > [External Identities] > [クロステナント アクセス設定] > [組織の設定] にリソース テナントを追加し、送信アクセスで対象のユーザー (またはグループ) とアプリケーションを許可します。既定の設定が全員をブロックしていることもあります。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when staff are not to be guests of that tenant.',
        ja: 'そのテナントのゲストになることを認めていない場合は、意図したブロックです。',
      },
      reference: settingsPage,
      matches: [{ status: { errorCode: 500212 } }, { status: { errorCode: 500212 }, crossTenantAccessType: ['b2bCollaboration'] }],
      rejects: [{ status: { errorCode: 500213 } }, { status: { errorCode: 500021 } }, { status: { errorCode: 5000211 } }],
    },
    {
      id: 'cross-tenant.inbound',
      codes: [500213],
      title: { en: "Blocked by the resource tenant's inbound settings", ja: 'リソース テナントの受信アクセス設定によるブロック' },
      remedy: {
        en: 'Administrator of the resource tenant (the partner, unless the resource is ours): allow the home tenant, the user or group and the application under Cross-tenant access settings > Organizational settings > inbound access. We cannot change it from here: send the partner our tenant id, the application and the time.',
        ja: 'リソース テナントの管理者 (リソースが自社のものでなければパートナー): [クロステナント アクセス設定] > [組織の設定] の受信アクセスで、ホーム テナント、ユーザーまたはグループ、アプリケーションを許可します。こちらからは変更できないため、パートナーに自社のテナント ID、アプリケーション、発生時刻を伝えてください。',
      },
      mendedBy: 'partner-tenant',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when the resource tenant admits only some organizations.',
        ja: 'リソース テナントが特定の組織のみを受け入れている場合は、意図したブロックです。',
      },
      reference: settingsPage,
      matches: [{ status: { errorCode: 500213 } }],
      rejects: [{ status: { errorCode: 500212 } }, { status: { errorCode: 530004 } }, { status: { errorCode: 50020 } }],
    },
    {
      id: 'cross-tenant.trust',
      codes: [530004, 90071],
      title: { en: "The resource tenant does not trust the home tenant's claims", ja: 'ホーム テナントのクレームが信頼されていない' },
      remedy: {
        en: 'Administrator of the resource tenant: under Cross-tenant access settings > the home tenant > inbound access > Trust settings, trust compliant and hybrid joined devices (530004) or multifactor authentication (90071) of the home tenant, or leave guests out of the device policy. Guests can never meet the approved client app control.',
        ja: 'リソース テナントの管理者: [クロステナント アクセス設定] > 対象のホーム テナント > 受信アクセスの [信頼の設定] で、準拠済みデバイスと Microsoft Entra ハイブリッド参加済みデバイス (530004)、または多要素認証 (90071) を信頼するか、デバイス ポリシーの対象からゲストを除外します。承認されたクライアント アプリの制御をゲストが満たすことはできません。',
      },
      mendedBy: 'partner-tenant',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when guests are to come only from devices that the resource tenant manages.',
        ja: 'リソース テナントが管理するデバイスからのみゲストを受け入れる方針であれば、意図したブロックです。',
      },
      reference:
        'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts530004-acceptcompliantdevice-setting-not-configured',
      matches: [...withCodes(530004, 90071), { status: { errorCode: 530004 }, userType: 'guest' }],
      rejects: withCodes(53000, 500213, 530003),
    },
    {
      id: 'cross-tenant.cloud',
      codes: [1000104, 1000110],
      title: { en: 'Cross-cloud collaboration is not allowed', ja: 'クラウド間のコラボレーションが許可されていない' },
      remedy: {
        en: "Identity teams of both tenants: enable the other cloud under Cross-tenant access settings > Microsoft cloud settings on both sides, and add each other's tenant id under Organizational settings. 1000104: the home tenant does not allow the resource's cloud; 1000110: the resource tenant does not allow the home tenant.",
        ja: '両テナントの ID 担当: 双方の [クロステナント アクセス設定] > [Microsoft クラウド設定] で相手のクラウドを有効にし、[組織の設定] に相手のテナント ID を追加します。1000104 はホーム テナントがリソース側のクラウドを許可していないこと、1000110 はリソース テナントがホーム テナントを許可していないことを示します。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when there is no collaboration with tenants of another Microsoft cloud.',
        ja: '他の Microsoft クラウドのテナントと共同作業を行わない方針であれば、意図したブロックです。',
      },
      reference: 'https://learn.microsoft.com/entra/external-id/cross-cloud-settings',
      matches: withCodes(1000104, 1000110),
      rejects: withCodes(1000106, 1000107, 900432),
    },
  ],
)

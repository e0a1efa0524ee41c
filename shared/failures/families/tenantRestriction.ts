import type { SignIn } from '../../signIns/signIn'
import type { ClassifyContext } from '../catalogueTypes'
import { defineFamily, exampleMeantTenantId, exampleOwnTenantId, examplePartnerTenantId } from '../defineFamily'
import { azureBackupApps, isNamedInList, isOneOf } from '../firstPartyApps'
import { azureBackupTenantName } from '../knownTenants'
import { blockTowardsTarget, targetKind } from '../rowSigns'

const v1Page = 'https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions'
const v2Page = 'https://learn.microsoft.com/entra/external-id/tenant-restrictions-v2'
const universalPage = 'https://learn.microsoft.com/entra/global-secure-access/how-to-universal-tenant-restrictions'

const v1Codes = [500021, 500022, 5000221, 50002]
/** Codes of a block towards a target tenant; the others of the family are about the header itself. */
const blockCodes = [...v1Codes, 5000211]

const passThroughTenantId = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a'
const consumerTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'
const japanEastBackupTenantId = '6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0'
const japanWestBackupTenantId = '4617fbbe-e76e-4071-90cd-6f5e7f5d5244'
const backupManagementService = '262044b1-e2ce-469f-a196-69ab7ada62d3'

const strangerTenantId = '5b1d0000-0000-4000-8000-000000000000'

/** A target that is known for something else is not Azure Backup's, even when a person looks at its vaults. */
function isAzureBackup(signIn: SignIn, context: ClassifyContext): boolean {
  const kind = targetKind(signIn, context)
  if (kind !== undefined) return kind === 'azure-backup'
  if (isOneOf(azureBackupApps, signIn.appId) || isOneOf(azureBackupApps, signIn.resourceId)) return true
  if (isNamedInList(azureBackupApps, signIn.appDisplayName) || isNamedInList(azureBackupApps, signIn.resourceDisplayName)) return true
  const texts = [signIn.resourceDisplayName, signIn.status?.failureReason, signIn.status?.additionalDetails]
  return texts.some((text) => text !== undefined && azureBackupTenantName(text) !== undefined)
}

/**
 * Blocks by tenant restrictions. Not of this family, though their texts read alike: cross-tenant access settings (500212,
 * 500213), accounts missing in a tenant (50020), a retired cloud (5000222), tenants that Microsoft blocked (5000224, 5000225).
 */
export const tenantRestriction = defineFamily(
  {
    id: 'tenant-restriction',
    title: { en: 'Tenant restrictions', ja: 'テナント制限' },
    meaning: {
      en: 'A proxy header, a policy or Global Secure Access allows sign-ins from this network or device only to listed tenants, and the target is not one of them.',
      ja: 'プロキシのヘッダー、ポリシー、またはグローバル セキュア アクセスにより、このネットワークやデバイスからのサインインが許可リストのテナントに制限されており、サインイン先がその一覧にありません。',
    },
    facetsByClass: true,
  },
  [
    {
      id: 'tenant-restriction.own-tenant',
      codes: blockCodes,
      when: (signIn, context) => targetKind(signIn, context) === 'own',
      condition: { en: 'the target is our own tenant', ja: 'サインイン先が自社テナントの場合' },
      title: { en: 'A tenant restriction blocks our own tenant', ja: 'テナント制限による自社テナントのブロック' },
      remedy: {
        en: 'Network team, now: the list or policy that the network announces lacks our own tenant. With v1, add our domain or tenant id to Restrict-Access-To-Tenants on every proxy (compare the header of a working site with a failing one). With v2, check that the header carries our tenant id and the id of our own policy. Undo the last proxy change if there was one.',
        ja: 'ネットワーク担当が直ちに対応してください。ネットワークが通知する一覧またはポリシーに自社テナントがありません。v1 の場合は、すべてのプロキシの Restrict-Access-To-Tenants に自社のドメインまたはテナント ID を追加します (正常な拠点のヘッダーと比較してください)。v2 の場合は、ヘッダーが自社のテナント ID と自社のポリシー ID を含むことを確認します。直前にプロキシを変更した場合は元に戻します。',
      },
      mendedBy: 'network-team',
      severity: 'critical',
      falseAlarm: {
        en: 'Only a network that is not ours (a customer site, a hotel) may block our tenant on purpose: check the network of the sign-ins.',
        ja: '自社のものでないネットワーク (顧客先やホテルなど) が意図的に自社テナントをブロックしている場合のみ誤報です。サインイン元のネットワークを確認してください。',
      },
      reference: v1Page,
      matches: [
        { status: { errorCode: 500021 }, resourceTenantId: exampleOwnTenantId },
        { status: { errorCode: 5000211 }, resourceTenantId: exampleOwnTenantId.toUpperCase(), isTenantRestricted: true },
      ],
      rejects: [
        { status: { errorCode: 500021 }, resourceTenantId: examplePartnerTenantId, homeTenantId: exampleOwnTenantId },
        { status: { errorCode: 0 }, resourceTenantId: exampleOwnTenantId, isTenantRestricted: true },
        { status: { errorCode: 500213 }, resourceTenantId: exampleOwnTenantId },
      ],
    },
    {
      id: 'tenant-restriction.azure-backup',
      codes: blockCodes,
      when: isAzureBackup,
      condition: {
        en: 'the target is a tenant of Azure Backup, or an unknown one that an app or resource of Azure Backup asks for',
        ja: 'サインイン先が Azure Backup のテナントか、アプリまたはリソースが Azure Backup のもので、サインイン先が未知のテナントの場合',
      },
      title: { en: 'A tenant restriction blocks Azure Backup', ja: 'テナント制限による Azure Backup のブロック' },
      remedy: {
        en: "Network team: allow Azure Backup's own tenant of the vault's region on the proxy (v1: Restrict-Access-To-Tenants; v2: add it as a partner with tenant restrictions). Japan East is 6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0 (IDMServiceAADTenantjpepod01.onmicrosoft.com), Japan West 4617fbbe-e76e-4071-90cd-6f5e7f5d5244 (IDMAADTenantjpwpod01.onmicrosoft.com). For another region take the tenant name from the agent's log line (MARS and MABS: CBEngine*.errlog, SQL in a VM: WorkloadExtensionHandler*.log), resolve it with https://login.microsoftonline.com/<name>.onmicrosoft.com/v2.0/.well-known/openid-configuration, or ask Azure Backup support. The agent runs as SYSTEM: check that account's proxy too.",
        ja: 'ネットワーク担当: コンテナーのリージョンに対応する Azure Backup のテナントをプロキシで許可してください (v1: Restrict-Access-To-Tenants に追加、v2: テナント制限のパートナーとして追加)。東日本は 6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0 (IDMServiceAADTenantjpepod01.onmicrosoft.com)、西日本は 4617fbbe-e76e-4071-90cd-6f5e7f5d5244 (IDMAADTenantjpwpod01.onmicrosoft.com) です。他のリージョンは、エージェントのログ (MARS と MABS: CBEngine*.errlog、VM 内の SQL: WorkloadExtensionHandler*.log) のテナント名を https://login.microsoftonline.com/<名前>.onmicrosoft.com/v2.0/.well-known/openid-configuration で解決するか、Azure Backup の窓口へお問い合わせください。エージェントは SYSTEM で動作するため、SYSTEM アカウントのプロキシ設定も確認してください。',
      },
      mendedBy: 'network-team',
      severity: 'error',
      falseAlarm: {
        en: 'None that is safe to assume: backups of the server fail while it lasts. A server that is being retired may be left alone.',
        ja: '安全に無視できる場合はありません。継続している間、対象サーバーのバックアップは失敗します。廃止予定のサーバーのみ対象外です。',
      },
      reference: v1Page,
      matches: [
        { status: { errorCode: 500021 }, resourceTenantId: japanEastBackupTenantId },
        { status: { errorCode: 5000211 }, resourceTenantId: japanWestBackupTenantId, isTenantRestricted: true },
        { status: { errorCode: 500021, failureReason: "Access to 'IDMAADTenantjpepod01' tenant is denied." } },
        { status: { errorCode: 500021 }, appId: 'c505e273-0ba0-47e7-a0bd-f48042b4524d' },
        { status: { errorCode: 5000211 }, resourceDisplayName: 'Backup Management Service', resourceTenantId: strangerTenantId },
        { status: { errorCode: 500022 }, resourceId: backupManagementService, resourceTenantId: strangerTenantId },
      ],
      rejects: [
        { status: { errorCode: 500021, failureReason: "Access to 'Contoso' tenant is denied." } },
        { status: { errorCode: 500021 }, resourceId: backupManagementService, resourceTenantId: examplePartnerTenantId },
        { status: { errorCode: 500021 }, appDisplayName: 'Backup Management Service', resourceTenantId: exampleMeantTenantId },
        { status: { errorCode: 50020 }, resourceTenantId: japanEastBackupTenantId },
      ],
    },
    {
      id: 'tenant-restriction.pass-through',
      codes: blockCodes,
      when: (signIn, context) => targetKind(signIn, context) === 'pass-through',
      condition: {
        en: 'the target is the pass-through tenant f8cdef31-a31e-4b4a-93e4-5f571e91255a',
        ja: 'サインイン先がパススルー テナント f8cdef31-a31e-4b4a-93e4-5f571e91255a の場合',
      },
      title: { en: 'A tenant restriction blocks the pass-through tenant', ja: 'テナント制限によるパススルー テナントのブロック' },
      remedy: {
        en: 'Network team: decide whether consumer accounts may sign in to Azure and Office.com apps from this network. If they may, add f8cdef31-a31e-4b4a-93e4-5f571e91255a to Restrict-Access-To-Tenants; if not, leave it out and tell the users.',
        ja: 'ネットワーク担当: このネットワークからコンシューマー アカウントで Azure や Office.com のアプリにサインインさせるかどうかを決めてください。許可する場合は Restrict-Access-To-Tenants に f8cdef31-a31e-4b4a-93e4-5f571e91255a を追加し、許可しない場合は現状のまま利用者に周知します。',
      },
      mendedBy: 'network-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when personal accounts are not to be used on this network.',
        ja: 'このネットワークで個人用アカウントを使わせない方針であれば、意図したブロックです。',
      },
      reference: v1Page,
      matches: [{ status: { errorCode: 500021 }, resourceTenantId: passThroughTenantId }],
      rejects: [
        { status: { errorCode: 500021 }, resourceTenantId: examplePartnerTenantId, crossTenantAccessType: ['passthrough'] },
        { status: { errorCode: 500021 }, resourceTenantId: consumerTenantId },
        { status: { errorCode: 90072 }, resourceTenantId: passThroughTenantId },
      ],
    },
    {
      id: 'tenant-restriction.consumer',
      codes: blockCodes,
      when: (signIn, context) => targetKind(signIn, context) === 'consumer',
      condition: {
        en: 'the target is the tenant of personal accounts 9188040d-6c67-4c5b-b112-36a304b66dad',
        ja: 'サインイン先が個人用アカウントのテナント 9188040d-6c67-4c5b-b112-36a304b66dad の場合',
      },
      title: { en: 'A tenant restriction blocks consumer accounts', ja: 'テナント制限によるコンシューマー アカウントのブロック' },
      remedy: {
        en: 'Owner of the tenant restrictions v2 policy: decide whether personal Microsoft accounts may be used here. If they may, add 9188040d-6c67-4c5b-b112-36a304b66dad as a partner under Cross-tenant access settings > Tenant restrictions with the users and apps that need them, and remove a left-over restrict-msa header from login.live.com.',
        ja: 'テナント制限 v2 ポリシーの所有者: 個人用 Microsoft アカウントの利用可否を決めてください。許可する場合は、[クロステナント アクセス設定] の [テナント制限] に 9188040d-6c67-4c5b-b112-36a304b66dad をパートナーとして追加して必要なユーザーとアプリを許可し、login.live.com 宛てに残っている restrict-msa ヘッダーを削除します。',
      },
      mendedBy: 'identity-team',
      severity: 'info',
      falseAlarm: {
        en: 'Meant on most corporate networks: it keeps data from leaving to personal accounts.',
        ja: '多くの企業ネットワークでは、個人用アカウントへのデータ流出を防ぐための意図したブロックです。',
      },
      reference: v2Page,
      matches: [{ status: { errorCode: 5000211 }, resourceTenantId: consumerTenantId, isTenantRestricted: true }],
      rejects: [
        { status: { errorCode: 5000211 }, resourceTenantId: passThroughTenantId },
        { status: { errorCode: 500200 }, resourceTenantId: consumerTenantId },
      ],
    },
    {
      id: 'tenant-restriction.v1-fault',
      codes: v1Codes,
      when: (signIn, context) => blockTowardsTarget(signIn, context) === 'fault',
      condition: {
        en: 'TENANTS names the target and says that a block is a fault',
        ja: '設定 TENANTS にサインイン先があり、blocked が fault の場合',
      },
      title: { en: 'Tenant restrictions v1 block a tenant that we need', ja: '必要なテナントのテナント制限 v1 によるブロック' },
      remedy: {
        en: 'Network team, today: TENANTS says that this target must not be blocked, so put its domain or tenant id into Restrict-Access-To-Tenants on every proxy (compare the header of a working site with a failing one). Look for a proxy change just before the first block.',
        ja: 'ネットワーク担当が当日中に対応してください。設定 TENANTS でブロックしてはならないとされたテナントです。すべてのプロキシの Restrict-Access-To-Tenants にそのドメインまたはテナント ID を追加し (正常な拠点のヘッダーと比較)、最初のブロックの直前にプロキシが変更されていないか確認します。',
      },
      mendedBy: 'network-team',
      severity: 'error',
      falseAlarm: {
        en: 'None, unless the entry in TENANTS is out of date: then set blocked to expected.',
        ja: 'TENANTS の登録が古い場合のみ誤報です。その場合は blocked を expected にしてください。',
      },
      reference: v1Page,
      matches: [
        { status: { errorCode: 500021 }, resourceTenantId: examplePartnerTenantId },
        { status: { errorCode: 500022 }, resourceTenantId: examplePartnerTenantId, crossTenantAccessType: ['passthrough'] },
      ],
      rejects: [
        { status: { errorCode: 500021 }, resourceTenantId: exampleMeantTenantId },
        { status: { errorCode: 500021 }, resourceTenantId: strangerTenantId },
        { status: { errorCode: 5000211 }, resourceTenantId: examplePartnerTenantId },
      ],
    },
    {
      id: 'tenant-restriction.v2-fault',
      codes: [5000211],
      when: (signIn, context) => blockTowardsTarget(signIn, context) === 'fault',
      condition: {
        en: 'TENANTS names the target and says that a block is a fault',
        ja: '設定 TENANTS にサインイン先があり、blocked が fault の場合',
      },
      title: {
        en: 'A tenant restrictions v2 policy blocks a tenant that we need',
        ja: '必要なテナントのテナント制限 v2 ポリシーによるブロック',
      },
      remedy: {
        en: 'Owner of the tenant restrictions v2 policy, today: TENANTS says that this target must not be blocked. Allow the target with the users and apps that need it under Cross-tenant access settings > Tenant restrictions, and look in the audit log for the last change of the policy.',
        ja: 'テナント制限 v2 ポリシーの所有者が当日中に対応してください。設定 TENANTS でブロックしてはならないとされたテナントです。[クロステナント アクセス設定] の [テナント制限] で、必要なユーザーとアプリを含めて許可し、監査ログでポリシーの直近の変更を確認します。',
      },
      mendedBy: 'identity-team',
      severity: 'error',
      falseAlarm: {
        en: 'None, unless the entry in TENANTS is out of date: then set blocked to expected.',
        ja: 'TENANTS の登録が古い場合のみ誤報です。その場合は blocked を expected にしてください。',
      },
      reference: v2Page,
      matches: [{ status: { errorCode: 5000211 }, resourceTenantId: examplePartnerTenantId, isTenantRestricted: true }],
      rejects: [
        { status: { errorCode: 5000211 }, resourceTenantId: exampleMeantTenantId },
        { status: { errorCode: 5000211 } },
        { status: { errorCode: 0 }, resourceTenantId: examplePartnerTenantId, isTenantRestricted: true },
      ],
    },
    {
      id: 'tenant-restriction.meant',
      codes: blockCodes,
      when: (signIn, context) => blockTowardsTarget(signIn, context) === 'expected',
      condition: {
        en: 'TENANTS names the target and says that a block is expected',
        ja: '設定 TENANTS にサインイン先があり、blocked が expected の場合',
      },
      title: { en: 'A block towards a tenant that is meant to be blocked', ja: '意図したテナント制限によるブロック' },
      remedy: {
        en: 'Nobody: TENANTS says that this target is blocked on purpose. Tell users who ask, and set blocked to fault when the target is needed after all.',
        ja: '対処は不要です。設定 TENANTS で意図したブロックとされたテナントです。問い合わせたユーザーに周知し、必要になった場合は blocked を fault にしてください。',
      },
      mendedBy: 'nobody',
      severity: 'info',
      falseAlarm: {
        en: 'Always: it shows that the restriction works.',
        ja: '常に。制限が機能していることを示します。',
      },
      reference: v2Page,
      matches: [
        { status: { errorCode: 500021 }, resourceTenantId: exampleMeantTenantId },
        { status: { errorCode: 5000211 }, resourceTenantId: exampleMeantTenantId.toUpperCase() },
      ],
      rejects: [
        { status: { errorCode: 500021 }, resourceTenantId: examplePartnerTenantId },
        { status: { errorCode: 500021 }, resourceTenantId: passThroughTenantId },
        { status: { errorCode: 500212 }, resourceTenantId: exampleMeantTenantId },
      ],
    },
    {
      id: 'tenant-restriction.v1',
      codes: v1Codes,
      title: { en: 'Blocked by tenant restrictions v1', ja: 'テナント制限 v1 によるブロック' },
      remedy: {
        en: 'Network team: if staff need the target tenant, add its domain or tenant id to the Restrict-Access-To-Tenants header that the proxy sets for login.microsoftonline.com, login.microsoft.com and login.windows.net. A guest needs both the inviting tenant and the home tenant on the list. Nothing is to be changed in Entra. If not, nothing is to be done.',
        ja: 'ネットワーク担当: 業務上サインイン先のテナントが必要であれば、プロキシが login.microsoftonline.com、login.microsoft.com、login.windows.net 宛てに挿入する Restrict-Access-To-Tenants ヘッダーに、そのドメインまたはテナント ID を追加します。ゲストの場合は招待元のテナントとホーム テナントの両方が必要です。Entra 側の変更は不要です。業務上不要であれば対処も不要です。',
      },
      mendedBy: 'network-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when the target is a tenant that staff have no business in. A steady number of such blocks shows that the restriction works.',
        ja: '業務上必要のないテナントであれば意図したブロックです。一定数のブロックが続くのは、制限が機能していることを示します。',
      },
      reference: v1Page,
      matches: [
        { status: { errorCode: 500021 }, resourceTenantId: strangerTenantId },
        { status: { errorCode: 500021 }, resourceTenantId: strangerTenantId, crossTenantAccessType: ['passthrough'] },
        { status: { errorCode: 500021, failureReason: "Access to '{tenant}' tenant is denied." } },
        { status: { errorCode: 500022 } },
        { status: { errorCode: 5000221 } },
        { status: { errorCode: 50002 } },
      ],
      rejects: [
        { status: { errorCode: 5000211 } },
        { status: { errorCode: 5000222, failureReason: "Access to '{tenant}' tenant is denied." } },
        { status: { errorCode: 500021 }, resourceTenantId: passThroughTenantId },
        { status: { errorCode: 500021 }, resourceTenantId: examplePartnerTenantId },
        { status: { errorCode: 0 }, isTenantRestricted: true },
      ],
    },
    {
      id: 'tenant-restriction.v2',
      codes: [5000211],
      title: { en: 'Blocked by a tenant restrictions v2 policy', ja: 'テナント制限 v2 ポリシーによるブロック' },
      remedy: {
        en: 'Owner of the policy that the header or the device names (not the owner of the target tenant): if staff need the target, add it under Cross-tenant access settings > Tenant restrictions with the external users or groups and the apps that are allowed, or invite the people as guests instead: the policy does not apply to guests of the enforcing tenant. Service principals are blocked too.',
        ja: 'ヘッダーまたはデバイスが示すポリシーの所有者 (サインイン先テナントの所有者ではありません): 業務上必要であれば、[クロステナント アクセス設定] の [テナント制限] にサインイン先のテナントを追加し、外部のユーザーまたはグループとアプリを許可します。または B2B ゲストとして招待します (ポリシーを適用しているテナントのゲストには適用されません)。サービス プリンシパルもブロックの対象です。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when the target is a tenant that staff have no business in.',
        ja: '業務上必要のないテナントであれば意図したブロックです。',
      },
      reference: v2Page,
      matches: [
        { status: { errorCode: 5000211 }, isTenantRestricted: true },
        { status: { errorCode: 5000211 }, resourceTenantId: strangerTenantId, stream: 'servicePrincipal' },
      ],
      rejects: [
        { status: { errorCode: 500021 } },
        { status: { errorCode: 0 }, isTenantRestricted: true },
        { status: { errorCode: 5000211 }, resourceTenantId: consumerTenantId },
      ],
    },
    {
      id: 'tenant-restriction.conflict',
      codes: [500023, 500024, 500025],
      title: { en: 'Tenant restriction signals contradict each other', ja: 'テナント制限の信号の矛盾' },
      remedy: {
        en: 'Identity team and network team together: make the device policy (GPO or MDM), the proxy header and Global Secure Access carry one and the same policy, since enforcing two different ones is not supported. Then sign out and in again (500023 comes from a refresh token that was issued under the other policy).',
        ja: 'ID 担当とネットワーク担当: デバイス ポリシー (GPO または MDM)、プロキシのヘッダー、グローバル セキュア アクセスを同一のポリシーに統一してください。異なるポリシーの併用はサポートされません。その後サインアウトしてからサインインし直します (500023 は別のポリシーのもとで発行された更新トークンが原因です)。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Single ones appear while a policy is being changed and end with the next sign-in.',
        ja: 'ポリシーの変更中に単発で発生し、次のサインインで解消することがあります。',
      },
      reference: v2Page,
      matches: [
        { status: { errorCode: 500023 } },
        { status: { errorCode: 500024 } },
        { status: { errorCode: 500025 }, resourceTenantId: exampleOwnTenantId },
      ],
      rejects: [{ status: { errorCode: 500021 } }, { status: { errorCode: 1000106 } }],
    },
    {
      id: 'tenant-restriction.header',
      codes: [1000106, 1000107, 1000108],
      title: { en: 'The tenant restriction header is wrong', ja: 'テナント制限ヘッダーの誤り' },
      remedy: {
        en: 'Network team: correct sec-Restrict-Tenant-Access-Policy on the proxy. Its value is <tenant id>:<policy id>, where the policy id is the id that Graph gives for /policies/crossTenantAccessPolicy/default. 1000106: the value is malformed; 1000107: the tenant id does not exist; 1000108: the policy is not one of that tenant. Everyone behind this proxy is affected.',
        ja: 'ネットワーク担当: プロキシの sec-Restrict-Tenant-Access-Policy を修正してください。値は <テナント ID>:<ポリシー ID> で、ポリシー ID は Graph の /policies/crossTenantAccessPolicy/default が返す id です。1000106 は形式の誤り、1000107 は存在しないテナント ID、1000108 はそのテナントに属さないポリシーを示します。このプロキシを経由する全員に影響します。',
      },
      mendedBy: 'network-team',
      severity: 'error',
      falseAlarm: {
        en: 'A single one can come from a test of the header with a tool.',
        ja: 'ツールでヘッダーを試験した場合に単発で発生することがあります。',
      },
      reference: v2Page,
      matches: [{ status: { errorCode: 1000106 } }, { status: { errorCode: 1000107 } }, { status: { errorCode: 1000108 } }],
      rejects: [{ status: { errorCode: 1000104 } }, { status: { errorCode: 1000110 } }],
    },
    {
      id: 'tenant-restriction.data-plane',
      textOnly: true,
      title: { en: 'A tenant restriction blocks data access', ja: 'テナント制限によるデータ アクセスのブロック' },
      remedy: {
        en: 'Owner of the tenant restrictions v2 policy: the sign-in itself succeeded, and the resource answered 302 with Restrict-Access-Confirm: 1, because the token was issued without the policy (anonymous access, or a token brought from another network). Sign in again from this network so that the token carries the policy, or allow the target in the policy.',
        ja: 'テナント制限 v2 ポリシーの所有者: サインイン自体は成功しており、リソースが Restrict-Access-Confirm: 1 を付けて 302 を返しています。トークンがポリシーなしで発行されたことが原因です (匿名アクセス、または他のネットワークから持ち込まれたトークン)。このネットワークからサインインし直してポリシーを含むトークンを取得するか、ポリシーでサインイン先を許可します。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when somebody opens a foreign tenant with a token that was not issued on this network.',
        ja: 'このネットワークで発行されていないトークンで他のテナントを開こうとした場合は、意図したブロックです。',
      },
      reference: universalPage,
      matches: [],
      rejects: [],
    },
  ],
)

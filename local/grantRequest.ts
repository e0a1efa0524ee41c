import type { Language } from '../shared/failures/words'
import type { CloudId } from '../shared/graph/clouds'
import type { GraphPermission } from '../shared/pipelines/graphPermissions'

/** The application id of Microsoft Graph, the same in every tenant and cloud. */
export const graphAppId = '00000003-0000-0000-c000-000000000000'

const texts = {
  en: {
    title: 'Request: application permissions on Microsoft Graph for a managed identity',
    principal: 'Managed identity (object id)',
    permissions: 'Permissions, all of them read-only',
    role: 'Who can grant them: Privileged Role Administrator or Global Administrator.',
    grant: 'To grant them, paste into PowerShell with the Microsoft.Graph module:',
    undo: 'To take them away again:',
    purpose: 'It reads the sign-in logs and stores counts of them, never a user name, user id, address or device name.',
  },
  ja: {
    title: '依頼: マネージド ID への Microsoft Graph アプリケーション権限の付与',
    principal: 'マネージド ID (オブジェクト ID)',
    permissions: '権限 (すべて読み取り専用)',
    role: '付与できるロール: 特権ロール管理者またはグローバル管理者。',
    grant: '付与するには、Microsoft.Graph モジュールのある PowerShell に貼り付けてください:',
    undo: '取り消すには:',
    purpose: 'サインイン ログを読み取り、件数だけを保存します。ユーザー名、ユーザー ID、アドレス、デバイス名は保存しません。',
  },
} as const

/** What Connect-MgGraph calls a cloud. https://learn.microsoft.com/powershell/microsoftgraph/authentication-commands */
const environments: Readonly<Record<CloudId, string>> = {
  global: 'Global',
  usGovernment: 'USGov',
  usGovernmentDod: 'USGovDoD',
  china: 'China',
}

/** A hand-over for whoever may grant permissions: what, why, one command, and its undoing. It needs nothing of this repository. */
export function grantRequest(principal: string, permissions: readonly GraphPermission[], language: Language, cloud: CloudId): string {
  const words = texts[language]
  const list = permissions.map(({ value, reason }) => `- ${value}: ${reason[language]}`)
  return [
    `# ${words.title}`,
    '',
    words.purpose,
    '',
    `${words.principal}: ${principal}`,
    '',
    `${words.permissions}:`,
    ...list,
    '',
    words.role,
    '',
    words.grant,
    '',
    powerShell(principal, permissions, cloud, 'grant'),
    '',
    words.undo,
    '',
    powerShell(principal, permissions, cloud, 'undo'),
    '',
  ].join('\n')
}

function powerShell(principal: string, permissions: readonly GraphPermission[], cloud: CloudId, act: 'grant' | 'undo'): string {
  const values = permissions.map(({ value }) => `'${value}'`).join(', ')
  const common = [
    `Connect-MgGraph -Environment ${environments[cloud]} -Scopes 'AppRoleAssignment.ReadWrite.All', 'Application.Read.All'`,
    `$graph = Get-MgServicePrincipal -Filter "appId eq '${graphAppId}'"`,
    `$roles = $graph.AppRoles | Where-Object { $_.Value -in ${values} -and $_.AllowedMemberTypes -contains 'Application' }`,
  ]
  const last = {
    grant: `$roles | ForEach-Object { New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${principal} -PrincipalId ${principal} -ResourceId $graph.Id -AppRoleId $_.Id }`,
    undo: `Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${principal} -All | Where-Object { $_.ResourceId -eq $graph.Id -and $_.AppRoleId -in $roles.Id } | ForEach-Object { Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${principal} -AppRoleAssignmentId $_.Id }`,
  }
  return [...common, last[act]].join('; ')
}

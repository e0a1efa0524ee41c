import { remembering } from '../signIns/remembering'

/**
 * Command-line tools whose non-interactive sign-ins are scripts: nobody sits there to answer a prompt.
 * @see https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
export const commandLineApps: ReadonlyMap<string, string> = new Map([
  ['04b07795-8ddb-461a-bbee-02f9e1bf7b46', 'Microsoft Azure CLI'],
  ['1950a258-227b-4e31-a9cf-717495945fc2', 'Microsoft Azure PowerShell'],
  ['14d82eec-204b-4c2f-b7e8-296a70dab67e', 'Microsoft Graph Command Line Tools'],
  ['1b730954-1685-4b74-9bfd-dac224a7b894', 'Azure Active Directory PowerShell'],
])

/** The applications of Azure Backup, as client or as resource. No id of the MARS agent itself is published. */
export const azureBackupApps: ReadonlyMap<string, string> = new Map([
  ['262044b1-e2ce-469f-a196-69ab7ada62d3', 'Backup Management Service'],
  ['e81c7467-0fc3-4866-b814-c973488361cd', 'AzureBackup_Fabric_Service'],
  ['c505e273-0ba0-47e7-a0bd-f48042b4524d', 'AzureBackup_WBCM_Service'],
  ['9bdab391-7bbe-42e8-8132-e4491dc29cc0', 'Azure Backup NRP Application'],
  ['3b2fa68d-a091-48c9-95be-88d572e08fb7', 'AzureBackupReporting'],
])

/** Whether a name is that of an application of a list: for records that name applications without their ids. */
export const isNamedInList = (apps: ReadonlyMap<string, string>, name: string | undefined): boolean =>
  name !== undefined && [...apps.values()].includes(name)

const lowerCase = remembering((text) => text.toLowerCase())

/** Whether an application id of any casing is one of a list. */
export const isOneOf = (apps: ReadonlyMap<string, string>, appId: string | undefined): boolean =>
  appId !== undefined && apps.has(lowerCase(appId))

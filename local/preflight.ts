import { existsSync } from 'node:fs'
import { MonitorError } from '../shared/runtime/errors'
import { type AskAzure, azureCli } from './azureCli'
import type { CommandIo } from './commandIo'
import { type PreflightItem, preflightItems } from './preflightChecks'

/** What is to be deployed where. */
export interface PreflightArguments {
  /** Without it `AZURE_RESOURCE_GROUP`. */
  readonly resourceGroup?: string
  /** Without it the region of the parameter file, of the resource group, or `AZURE_LOCATION`. */
  readonly location?: string
  readonly parameters: string
  readonly json: boolean
}

const signs: Readonly<Record<PreflightItem['state'], string>> = { ok: '=', missing: '!', unknown: '?' }

/**
 * Looks, before anything is made, at what would stop a deployment: login, Bicep, parameters, region, runtime, quotas, resource providers,
 * rights, policies and names. Prints each with the command that mends it, and answers 1 where something is missing.
 * Throws `usage` for a wrong argument, or where the Azure CLI is not on the PATH.
 */
export const runPreflight = async (args: PreflightArguments, io: CommandIo, ask: AskAzure = azureCli(io.env)): Promise<number> => {
  const resourceGroup = (args.resourceGroup ?? io.env['AZURE_RESOURCE_GROUP']) || undefined
  const location = (args.location ?? io.env['AZURE_LOCATION']) || undefined
  // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources
  if (resourceGroup !== undefined && !/^[\w().-]{0,89}[\w()-]$/.test(resourceGroup)) {
    throw new MonitorError(
      'usage',
      '--resource-group takes 1 to 90 letters, digits, hyphens, underscores, periods and parentheses, with no period at the end.',
    )
  }
  if (location !== undefined && !/^[A-Za-z0-9 ()]{2,60}$/.test(location)) {
    throw new MonitorError('usage', '--location has to be a region such as westeurope.')
  }
  if (!/\.bicepparam$/.test(args.parameters) || !existsSync(args.parameters)) {
    throw new MonitorError('usage', '--parameters has to be an existing .bicepparam file, such as infra/dev.bicepparam.')
  }
  const items = await preflightItems({ resourceGroup, location, parameters: args.parameters }, ask)
  io.stdout.write(args.json ? `${JSON.stringify({ items }, undefined, 2)}\n` : renderItems(items))
  return items.some(({ state }) => state === 'missing') ? 1 : 0
}

function renderItems(items: readonly PreflightItem[]): string {
  const missing = items.filter(({ state }) => state === 'missing').length
  const end = missing === 0 ? 'Nothing that can be seen from here stops the deployment.' : `${missing} to be mended first.`
  const lines = items.flatMap(({ name, state, detail, mend }) => [
    `${signs[state]} ${name}: ${detail}`,
    ...(mend === undefined ? [] : [`    ${mend}`]),
  ])
  return `${[...lines, '', end].join('\n')}\n`
}

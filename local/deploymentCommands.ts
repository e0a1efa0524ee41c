import { type Command, Option } from 'commander'
import type { CheckArguments } from './check'
import type { CommandIo } from './commandIo'
import type { GrantArguments } from './grant'
import type { PreflightArguments } from './preflight'

const checkHelp = `
Read from the environment:
  MONITOR_URL           root of the monitor, in place of --url
  MONITOR_FUNCTION_KEY  key of the function getCheck, in Azure
  OPERATOR_KEY          the value of the setting OPERATOR_KEY
  MONITOR_TOKEN         a token for the app registration, where built-in authentication is on
  MONITOR_...           other outputs of the deployment, for the commands that are printed`

/** The commands around a deployment. Each is loaded when it is asked for. */
export function addDeploymentCommands(program: Command, io: CommandIo, ended: (exitCode: number) => void): void {
  program
    .command('grant')
    .description('give the managed identity its permissions on Microsoft Graph')
    .requiredOption('--principal <object id>', 'the managed identity: the output MONITOR_PRINCIPAL_ID of the deployment')
    .option('--with <permissions...>', 'optional permissions to grant as well', [])
    .option('--what-if', 'say what would be granted and grant nothing', false)
    .option('--request', 'write a hand-over for the identity team instead', false)
    .addOption(new Option('--lang <language>', 'language of the words').choices(['en', 'ja']).default('en'))
    .action(async (options: GrantArguments) => {
      const { runGrant } = await import('./grant')
      ended(await runGrant(options, io))
    })

  program
    .command('check')
    .description('say of a monitor what works, what is missing and how to mend it')
    .option('--url <address>', 'root of the monitor; else MONITOR_URL, else the local one')
    .option('--json', 'print it as the HTTP API gives it', false)
    .option('--ask-graph', 'ask Graph, with your own Azure login, whether a permission that the token lacks was granted already', false)
    .addHelpText('after', checkHelp)
    .action(async (options: CheckArguments) => {
      const { runCheck } = await import('./check')
      ended(await runCheck(options, io))
    })

  program
    .command('preflight')
    .description('say what would stop a deployment to Azure, and make nothing')
    .option('--resource-group <name>', 'the resource group that is deployed to; else AZURE_RESOURCE_GROUP')
    .option('--location <region>', 'the region, where neither the parameters nor the resource group say it; else AZURE_LOCATION')
    .option('--parameters <file>', 'the parameter file', 'infra/main.bicepparam')
    .option('--json', 'print it for a program', false)
    .action(async (options: PreflightArguments) => {
      const { runPreflight } = await import('./preflight')
      ended(await runPreflight(options, io))
    })
}

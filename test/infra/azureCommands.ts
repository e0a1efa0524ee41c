/**
 * Commands of the Azure CLI that the product prints, documents or runs, each with the options that it is given. The parser of
 * azure-cli 2.91.0 took every row; a new row is for whoever has given it to a real `az`.
 * @see https://learn.microsoft.com/cli/azure/reference-index
 */
export const azureCommands: Readonly<Record<string, readonly string[]>> = {
  'account get-access-token': ['--resource', '--query', '--output'],
  'account show': ['--output'],
  'ad app create': ['--display-name', '--sign-in-audience', '--requested-access-token-version', '--app-roles'],
  'ad app update': ['--id', '--identifier-uris'],
  'ad sp create': ['--id'],
  'ad sp update': ['--id', '--set'],
  'bicep build-params': ['--file', '--stdout'],
  'bicep install': [],
  'bicep upgrade': [],
  'bicep version': [],
  'cloud set': [],
  'deployment group create': ['--name', '--resource-group', '--parameters', '--what-if', '--output'],
  'deployment group show': ['--name', '--resource-group', '--query', '--output'],
  'deployment group what-if': ['--resource-group', '--parameters', '--no-pretty-print', '--output'],
  'functionapp config appsettings delete': ['--name', '--resource-group', '--setting-names'],
  'functionapp config appsettings list': ['--name', '--resource-group', '--query', '--output'],
  'functionapp config appsettings set': ['--name', '--resource-group', '--settings'],
  'functionapp deployment source config-zip': ['--name', '--resource-group', '--src'],
  'functionapp function keys list': ['--name', '--resource-group', '--function-name'],
  'functionapp function keys set': [],
  'functionapp list-flexconsumption-locations': ['--zone-redundant', '--output'],
  'functionapp list-flexconsumption-runtimes': ['--location', '--runtime', '--output'],
  'functionapp restart': ['--name', '--resource-group'],
  'functionapp show': ['--name', '--resource-group', '--query', '--output'],
  'group create': ['--name', '--location'],
  'group delete': ['--name'],
  'group show': ['--name', '--output'],
  'identity create': ['--name', '--resource-group'],
  'identity federated-credential create': ['--name', '--resource-group', '--identity-name', '--issuer', '--audiences', '--subject'],
  'keyvault purge': ['--name'],
  'keyvault recover': ['--name'],
  'keyvault secret recover': [],
  'keyvault secret set': ['--vault-name', '--name', '--file', '--value'],
  'keyvault secret show': ['--vault-name', '--name', '--query', '--output'],
  'keyvault show': ['--name', '--query', '--output'],
  'lock list': ['--resource-group', '--output'],
  login: ['--tenant', '--use-device-code'],
  'provider list': ['--output'],
  'provider register': ['--namespace', '--wait'],
  'resource delete': ['--ids'],
  'resource list': ['--resource-group', '--query', '--output'],
  rest: ['--method', '--url', '--body', '--output'],
  'role assignment create': ['--role', '--assignee', '--assignee-object-id', '--assignee-principal-type', '--scope'],
  'role assignment list': ['--scope', '--include-inherited', '--include-groups', '--assignee', '--output'],
  'storage account check-name': ['--name', '--output'],
  'storage account show': ['--name', '--query', '--output'],
  'storage account show-usage': ['--location', '--output'],
}

/** A command as somebody wrote it: its name as far as a row has it, its options, and the whole of it. */
export interface WrittenCommand {
  readonly name: string | undefined
  readonly options: readonly string[]
  readonly text: string
}

/** The command that words begin with, after `az`; the longest name wins. */
export function writtenCommand(words: readonly string[]): WrittenCommand {
  const texts = words.map((_word, index) => words.slice(0, words.length - index).join(' '))
  const name = texts.find((text) => Object.hasOwn(azureCommands, text))
  return { name, options: words.filter((word) => /^--[a-z]/.test(word)), text: words.join(' ') }
}

/** What of a command no row knows. */
export function unknownParts({ name, options, text }: WrittenCommand): string[] {
  if (name === undefined) return [`az ${text}: no such command is known`]
  return options.filter((option) => !azureCommands[name]?.includes(option)).map((option) => `az ${text}: ${option} is not known`)
}

/**
 * The commands in a text: what follows `az` up to the end of the command in a shell, in prose or in a string. A command inside of
 * another stands for itself, a family such as `az deployment` for none, and what a program puts together is seen where it is run.
 */
export function commandsIn(text: string): WrittenCommand[] {
  const joined = text.replaceAll(/\\\n\s*/g, '').replaceAll(/\$\{[^{}]*\}/g, 'x')
  return [...joined.matchAll(/(?<![\w/.-])az (?=[a-z])((?:(?!\baz [a-z]|&&|[`;|)\n]| #|, |\. |[、。]|'[,)}\]]).)+)/g)]
    .map(([, words = '']) =>
      writtenCommand(
        words
          .replace(/[.,:]$/, '')
          .split(/[\s"']+/)
          .filter((word) => word !== ''),
      ),
    )
    .filter(({ text: words }) => !/^x\b/.test(words) && !Object.keys(azureCommands).some((name) => name.startsWith(`${words} `)))
}

import { graphPermissions } from '../../shared/pipelines/graphPermissions'
import { type BicepNode, declarationsOf, plainString } from './bicepTree'
import { defects } from './defects'

/** The parts of docs/deploy.md that are made from rows and templates, by the name of their mark. */
export function deployPageParts(main: BicepNode): Record<string, string> {
  const parameters = declarationsOf(main).filter(({ kind }) => kind === 'param')
  const rows = parameters.map(({ name, value, decorators }) => {
    const text = decorators.find(({ children }) => children[0]?.text === 'description')?.children[1]?.children[0]
    const description = ((text && plainString(text)) ?? '').replace(/^(Required|Optional)\. /, '')
    return `| \`${name}\` | ${value ? `\`${value.text}\`` : 'required'} | ${description} |`
  })
  return {
    parameters: ['| parameter | default | meaning |', '| --- | --- | --- |', ...rows].join('\n'),
    permissions: [
      '| permission | | what it is for |',
      '| --- | --- | --- |',
      ...graphPermissions.map(({ value, needed, reason }) => `| \`${value}\` | ${needed ? 'needed' : 'optional'} | ${reason.en} |`),
    ]
      .map((line) => `   ${line}`)
      .join('\n'),
    defects: defects.map(({ story, file }) => `- ${story} (\`${file}\`)`).join('\n'),
  }
}

/** The page with its made parts; a part stands between its mark and the mark that ends it. */
export const withParts = (page: string, parts: Readonly<Record<string, string>>): string =>
  page.replaceAll(/<!-- (parameters|permissions|defects) -->\n(?:[\s\S]*?<!-- end -->)?/g, (_mark, name: string) => {
    return `<!-- ${name} -->\n\n${parts[name]}\n\n<!-- end -->`
  })

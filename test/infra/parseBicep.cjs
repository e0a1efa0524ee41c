// Parses Bicep and YAML in a process of its own, since the grammar is a native module: sources in as JSON, trees out as JSON.
const { createRequire } = require('node:module')
const path = require('node:path')

const load = createRequire(path.join(process.env.TEMPLATES_PREFIX ?? __dirname, 'package.json'))
const Parser = load('tree-sitter')
const parser = new Parser()
parser.setLanguage(load('tree-sitter-bicep'))

/** The grammar knows templates only; an assignment of a parameter file reads as a variable. */
const asTemplate = (name, text) => (name.endsWith('.bicepparam') ? text.replaceAll(/^param (\w+) =/gm, 'var   $1 =') : text)

function treeOf(name, text) {
  const source = asTemplate(name, text)
  const plain = (node) => ({
    type: node.isMissing || node.type === 'ERROR' ? 'ERROR' : node.type,
    text: source.slice(node.startIndex, node.endIndex),
    line: node.startPosition.row + 1,
    words: node.children.filter((child) => !child.isNamed).map((child) => child.type),
    children: node.children.filter((child) => child.isNamed && child.type !== 'comment').map(plain),
  })
  return plain(parser.parse((index) => source.slice(index, index + 8_192)).rootNode)
}

let input = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', (text) => {
  input += text
})
process.stdin.on('end', () => {
  const trees = Object.entries(JSON.parse(input)).map(([name, text]) => [
    name,
    /\.ya?ml$/.test(name) ? load('yaml').parse(text) : treeOf(name, text),
  ])
  process.stdout.write(JSON.stringify(Object.fromEntries(trees)))
})

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { compileApp, HostProcess } from '../local/host/hostProcess'
import { buildPackageInCopy } from '../support/builtPackage'

const root = path.resolve(__dirname, '../..')
const folders: string[] = []

const buildCopy = (): string => {
  const copy = buildPackageInCopy()
  folders.push(copy)
  return copy
}

/** The files of an archive, as another reader of the format finds them: from its end. */
const unzip = (archive: Buffer): Map<string, Buffer> => {
  const files = new Map<string, Buffer>()
  let at = archive.readUInt32LE(archive.length - 6)
  for (let left = archive.readUInt16LE(archive.length - 12); left > 0; left--) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50)
    const [size, nameLength, start] = [archive.readUInt32LE(at + 24), archive.readUInt16LE(at + 28), archive.readUInt32LE(at + 42)]
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const content = start + 30 + archive.readUInt16LE(start + 26)
    files.set(name, archive.subarray(content, content + size))
    at += 46 + nameLength
  }
  return files
}

let copy = ''
beforeAll(() => {
  copy = buildCopy()
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

test('package: it holds the bundle, host.json and package.json, and nothing that would have to be installed', () => {
  const files = unzip(readFileSync(path.join(copy, 'dist/package.zip')))
  const names = [...files.keys()]
  expect(names).toEqual(expect.arrayContaining(['dist/boot.js', 'dist/index.js', 'host.json', 'package.json']))
  expect(names.filter((name) => !/^(host\.json|package\.json|dist\/[\w/-]+\.(js|js\.map|html|css|svg))$/.test(name))).toEqual([])
  expect(names.filter((name) => /local|package\//.test(name))).toEqual([])
  const manifest = JSON.parse(String(files.get('package.json'))) as Record<string, unknown>
  expect(Object.keys(manifest)).toEqual(['name', 'version', 'private', 'license', 'type', 'main'])
  for (const [name, bytes] of files) expect(readFileSync(path.join(copy, 'dist/package', name)).equals(bytes)).toBe(true)
})

test('package: it names no path of the machine that built it', () => {
  for (const bytes of unzip(readFileSync(path.join(copy, 'dist/package.zip'))).values())
    expect(bytes.includes(path.basename(copy))).toBe(false)
})

test('package: the same sources give the same bytes in another folder', () => {
  const other = buildCopy()
  expect(readFileSync(path.join(other, 'dist/package.zip')).equals(readFileSync(path.join(copy, 'dist/package.zip')))).toBe(true)
})

test('package: it runs in a folder with nothing else in it', async () => {
  const alone = mkdtempSync(path.join(tmpdir(), 'deployed-'))
  folders.push(alone)
  cpSync(path.join(copy, 'dist/package'), alone, { recursive: true })
  const compiled = compileApp()
  const host = new HostProcess(compiled)
  try {
    await host.start({ root: alone, port: 0, timers: false })
    const triggers = readdirSync(path.join(root, 'functions')).map((file) => path.basename(file, '.ts'))
    expect([...host.functions].sort()).toEqual(triggers.sort())
  } finally {
    await host.end()
    compiled.remove()
  }
})

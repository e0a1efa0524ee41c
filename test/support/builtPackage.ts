import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(__dirname, '../..')

/**
 * Builds the package in a copy of the repository, so that nothing else that uses `dist/` is disturbed, and answers the
 * copy's folder, which is the caller's to remove.
 */
export function buildPackageInCopy(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'package-'))
  const left = ['.git', 'bench', 'coverage', 'dist', 'node_modules', 'test']
  for (const name of readdirSync(root).filter((one) => !left.includes(one))) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction')
  execFileSync(process.execPath, ['local/package.mjs'], { cwd: copy })
  return copy
}

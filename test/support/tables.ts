import { randomUUID } from 'node:crypto'
import { type StorageEmulator, startStorageEmulator } from '../../local/storageEmulator'

/**
 * Starts one storage emulator for the tests of a file and stops it after them. A test that wants tables of its own asks
 * for a tenant of its own: every key begins with the tenant's id.
 */
export function useStorageEmulator(): { readonly endpoint: () => string; readonly freshTenant: () => string } {
  let emulator: StorageEmulator | undefined
  beforeAll(async () => {
    emulator = await startStorageEmulator()
  })
  afterAll(async () => {
    await emulator?.stop()
  })
  return {
    endpoint: () => {
      if (!emulator) throw new Error('The storage emulator runs only inside a test.')
      return emulator.tablesEndpoint
    },
    freshTenant: () => randomUUID(),
  }
}

import { AzureNamedKeyCredential, TableClient, type TableEntityResult, type TransactionAction } from '@azure/data-tables'
import type { TokenCredential } from '@azure/identity'
import { MonitorError } from '../runtime/errors'
import type { Entity, StoredEntity } from './entity'
import type { SubmitResult, Table, TableAction } from './table'
import { failedOperation, isRowFailure, tableFailure, tableUnavailable } from './tableErrors'
import { checkBatch } from './transactions'
import { expectEveryOperation, expectRow, expectRows } from './wholeAnswer'

/** The tables of the product. */
export interface TableClients {
  readonly buckets: Table
  readonly runs: Table
  readonly alerts: Table
}

/** Covers the retries of one call; a tick has less than a minute. */
const callMs = 30_000
const retryOptions = { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 }

/**
 * The published account and key of the storage emulator: the same on every computer and no secret.
 * @see https://learn.microsoft.com/azure/storage/common/storage-connect-azurite#well-known-storage-account-and-key
 */
const emulatorAccount = 'devstoreaccount1'
const emulatorKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

/**
 * The tables behind an endpoint: `https://<account>.table.core.windows.net` with a credential, or a storage emulator such
 * as `http://127.0.0.1:10002/devstoreaccount1` without one. Throws `setting-invalid` for anything else; nothing is sent
 * before the first use.
 */
export function createTableClients(options: { endpoint: string; credential?: TokenCredential | undefined }): TableClients {
  const open = connect(options.endpoint, options.credential)
  return { buckets: open('buckets'), runs: open('runs'), alerts: open('alerts') }
}

function connect(endpoint: string, credential: TokenCredential | undefined): (name: string) => Table {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  const root = endpoint.replace(/\/+$/, '')
  if (url?.protocol === 'http:' && isLoopback(url.hostname) && url.pathname.replace(/\/+$/, '') === `/${emulatorAccount}`) {
    return (name) => {
      const client = new TableClient(root, name, new AzureNamedKeyCredential(emulatorAccount, emulatorKey), {
        allowInsecureConnection: true,
        retryOptions,
      })
      // No proxy can reach this computer's own loopback address.
      client.pipeline.removePolicy({ name: 'proxyPolicy' })
      return openTable(client, url.host)
    }
  }
  if (url?.protocol !== 'https:' || url.username !== '' || url.search !== '') {
    throw new MonitorError(
      'setting-invalid',
      `TABLES_ENDPOINT is neither https://<account>.table.core.windows.net nor the emulator's http://127.0.0.1:<port>/${emulatorAccount}.`,
    )
  }
  if (!credential) throw new MonitorError('setting-invalid', `TABLES_ENDPOINT names ${url.host}, which needs an identity to sign in with.`)
  return (name) => openTable(new TableClient(root, name, credential, { retryOptions }), url.host)
}

const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)

const everySelection = ['PartitionKey', 'RowKey']

function openTable(client: TableClient, host: string): Table {
  const unavailable = (error: unknown): MonitorError => tableUnavailable(error, client.tableName, host)

  const submitOnce = async (actions: readonly TableAction[]): Promise<SubmitResult> => {
    try {
      const answer = await client.submitTransaction(actions.map(transactionAction), { abortSignal: AbortSignal.timeout(callMs) })
      expectEveryOperation(answer.subResponses.length, actions.length)
      return { kind: 'written', versions: answer.subResponses.map(({ etag }) => etag?.trim()) }
    } catch (error) {
      const failure = tableFailure(error)
      if (isRowFailure(failure)) return { kind: 'refused', index: failedOperation(failure) }
      throw error
    }
  }

  return {
    read: async (partitionKey, rowKey) => {
      try {
        const options = { abortSignal: AbortSignal.timeout(callMs), onResponse: expectRow }
        return storedEntity(await client.getEntity(partitionKey, rowKey, options))
      } catch (error) {
        if (tableFailure(error).status === 404) return undefined
        throw unavailable(error)
      }
    },
    query: async ({ filter, select, most = Number.POSITIVE_INFINITY }) => {
      const queryOptions = { filter, ...(select ? { select: [...everySelection, ...select] } : {}) }
      const found: StoredEntity[] = []
      try {
        // A page may be short or empty and still not be the last: the token decides, not the number of rows.
        const options = { queryOptions, abortSignal: AbortSignal.timeout(callMs), onResponse: expectRows }
        for await (const page of client.listEntities(options).byPage()) {
          for (const entity of page) found.push(storedEntity(entity))
          if (found.length >= most) break
        }
      } catch (error) {
        if (tableFailure(error).code === 'TableNotFound') return []
        throw unavailable(error)
      }
      return found.slice(0, most)
    },
    submit: async (actions) => {
      checkBatch(actions)
      try {
        return await submitOnce(actions).catch(async (error: unknown) => {
          if (tableFailure(error).code !== 'TableNotFound') throw error
          await client.createTable({ abortSignal: AbortSignal.timeout(callMs) })
          return submitOnce(actions)
        })
      } catch (error) {
        throw unavailable(error)
      }
    },
  }
}

function transactionAction(action: TableAction): TransactionAction {
  if (action.kind === 'create') return ['create', stored(action.entity)]
  if (action.kind === 'replace') return ['update', stored(action.entity), 'Replace', { etag: action.etag }]
  if (action.kind === 'merge') return ['update', stored(action.entity), 'Merge', { etag: '*' }]
  if (action.kind === 'put') return ['upsert', stored(action.entity), 'Replace']
  return ['delete', stored(action.entity)]
}

const stored = (entity: Entity): Entity => {
  const properties = Object.entries(entity).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(properties), partitionKey: entity.partitionKey, rowKey: entity.rowKey }
}

function storedEntity(entity: TableEntityResult<Record<string, unknown>>): StoredEntity {
  const { etag, partitionKey = '', rowKey = '', timestamp: _timestamp, ...properties } = entity
  return { partitionKey, rowKey, etag, properties }
}

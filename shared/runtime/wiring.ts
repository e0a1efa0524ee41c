import { userHasher } from '../aggregates/userHash'
import { withRunbooks } from '../alerts/withRunbooks'
import { knownTenants } from '../failures/knownTenants'
import { cloudOf } from '../graph/clouds'
import { createCredential } from '../graph/credential'
import { createRateBudget } from '../graph/rateBudget'
import { createSignInSource } from '../graph/signInSource'
import { sleep } from '../graph/sleep'
import type { WindowLimits } from '../http/windowQuery'
import { createHeartbeat } from '../notify/heartbeat'
import { createNotifier } from '../notify/sender'
import type { CounterStore } from '../pipelines/answerMetrics'
import type { ReceiverHistory } from '../pipelines/check'
import type { Count } from '../pipelines/metrics'
import type { MonitorOptions } from '../pipelines/options'
import type { Ports } from '../pipelines/ports'
import { second } from '../signIns/instant'
import { siteFinder } from '../signIns/network'
import { createAlertStore } from '../tables/alertStore'
import { createBucketStore } from '../tables/bucketStore'
import { createCounterStore } from '../tables/counterStore'
import { guardTables } from '../tables/guardedTables'
import { createHeartbeatStore } from '../tables/heartbeatStore'
import { createReceiverHistory } from '../tables/receiverHistory'
import { createRunStore } from '../tables/runStore'
import { createTableClients } from '../tables/tableClients'
import { currentLog } from './log'
import { createMeter, type Meter, meteredPorts } from './meter'
import { observedFetch } from './observedFetch'
import { hasProxy, noProxyWithLocal, proxyFetch } from './proxy'
import { readSettings, type Settings } from './settings'
import { childTraceParent } from './trace'

/** Put in by the build from package.json. */
declare const PRODUCT_VERSION: string | undefined

/** Everything that a function needs: the adapters, and the settings in the form that the pipelines use. */
export interface Wiring {
  readonly settings: Settings
  readonly options: MonitorOptions
  readonly ports: Ports & { readonly receiverHistory: ReceiverHistory; readonly counters: CounterStore }
  readonly meter: Meter
  /** What the window of a query is judged by, now. */
  readonly limits: () => WindowLimits
}

/** Distinct users of a local run are hashed under a fixed key, so that two runs compare. */
const localHashKey = 'entra-signin-monitor local run'

const pageBytesMax = 64 * 1024 * 1024
const requestTimeout = 100 * second

let wired: Wiring | undefined

/** The wiring of this process, made at the first call. Throws `setting-invalid` until the settings are right. */
export function wiring(): Wiring {
  if (wired) return wired
  if (hasProxy(process.env)) {
    // The clients take it from the environment, some by the one name first and some by the other.
    const noProxy = noProxyWithLocal(process.env)
    process.env['NO_PROXY'] = noProxy
    process.env['no_proxy'] = noProxy
  }
  wired = createWiring(process.env)
  return wired
}

/** Connects the adapters as an environment says. */
export function createWiring(environment: Readonly<Record<string, string | undefined>>): Wiring {
  const settings = readSettings(environment)
  const clock = (): number => Date.now()
  const options = optionsOf(settings)
  const clients = createTableClients({
    endpoint: settings.TABLES_ENDPOINT,
    credential: settings.TABLES_ENDPOINT.startsWith('https:') ? credentialOf(settings) : undefined,
  })
  const tables = guardTables(clients, { tenantId: settings.TENANT_ID, clock })
  const counters = createCounterStore({ clients: tables, tenantId: settings.TENANT_ID })
  const meter = createMeter(counters)
  const sending = {
    allowPrivateHosts: settings.RECEIVER_PRIVATE_HOSTS,
    allowLoopbackHttp: settings.MONITOR_MODE === 'local',
    clock,
    proxied: hasProxy(environment),
    traceParent: childTraceParent,
  }
  return {
    settings,
    options,
    meter,
    ports: meteredPorts(
      {
        clock,
        signIns: signInsOf(settings, clock, environment, meter.count),
        counters,
        buckets: createBucketStore({ clients: tables, tenantId: settings.TENANT_ID, log: currentLog }),
        runs: createRunStore({ clients: tables, tenantId: settings.TENANT_ID }),
        alerts: createAlertStore({ clients: tables, tenantId: settings.TENANT_ID, clock }),
        receiverHistory: createReceiverHistory({ clients: tables, tenantId: settings.TENANT_ID }),
        heartbeat:
          settings.HEARTBEAT_URL === ''
            ? undefined
            : {
                ...createHeartbeat({ url: settings.HEARTBEAT_URL, ...sending }),
                ...createHeartbeatStore({ clients: tables, tenantId: settings.TENANT_ID }),
              },
        notifier: createNotifier({
          receivers: settings.RECEIVERS,
          publicBaseUrl: options.publicBaseUrl,
          rules: options.rules,
          ...sending,
        }),
        log: currentLog,
      },
      meter.count,
    ),
    limits: () => ({ now: clock(), zone: options.zone, retention: options.retention }),
  }
}

function optionsOf(settings: Settings): MonitorOptions {
  return {
    version: typeof PRODUCT_VERSION === 'string' ? PRODUCT_VERSION : '0.0.0',
    tenantId: settings.TENANT_ID,
    streams: settings.STREAMS,
    lookbackHours: settings.LOOKBACK_HOURS,
    retention: { '5m': settings.RETENTION_5M_DAYS, '1h': settings.RETENTION_1H_DAYS, '1d': settings.RETENTION_1D_DAYS },
    zone: settings.DAY_ZONE,
    tenants: knownTenants(settings.TENANTS, settings.TENANT_ID),
    siteOf: siteFinder(settings.SITES),
    hashUser: userHasher(settings.USER_HASH_KEY === '' ? localHashKey : settings.USER_HASH_KEY),
    rules: withRunbooks(settings.ALERT_RULES, settings.RUNBOOK_URL),
    runLeaseSeconds: settings.RUN_LEASE_SECONDS,
    publicBaseUrl: settings.PUBLIC_BASE_URL === '' ? undefined : settings.PUBLIC_BASE_URL,
  }
}

const credentialOf = (settings: Settings) =>
  createCredential({
    mode: settings.MONITOR_CREDENTIAL,
    clientId: settings.AZURE_CLIENT_ID === '' ? undefined : settings.AZURE_CLIENT_ID,
    tenantId: settings.TENANT_ID,
    cloud: settings.CLOUD,
  })

function signInsOf(
  settings: Settings,
  clock: () => number,
  environment: Readonly<Record<string, string | undefined>>,
  count: Count,
): Ports['signIns'] {
  const cloud = cloudOf(settings.CLOUD)
  const root = settings.GRAPH_BASE_URL === '' ? cloud.graphRoot : settings.GRAPH_BASE_URL
  return createSignInSource({
    root,
    credential: root.startsWith('https:') ? credentialOf(settings) : undefined,
    scope: cloud.scope,
    tenantId: settings.TENANT_ID,
    budget: createRateBudget({ requestsMax: settings.GRAPH_REQUESTS_MAX, clock, sleep }),
    clock,
    sleep,
    fetch: observedFetch(hasProxy(environment) ? proxyFetch() : fetch, { count, log: currentLog, clock }),
    pageSize: 1_000,
    requestTimeoutMs: requestTimeout,
    retriesMax: 5,
    pagesMax: 2_000,
    pageBytesMax,
    log: currentLog,
  })
}

import { classOf } from '../../shared/failures/catalogue'
import type { Example, MendedBy, Severity } from '../../shared/failures/catalogueTypes'
import { classify } from '../../shared/failures/classify'
import { azureBackupTenantName, knownTenantOf, knownTenants } from '../../shared/failures/knownTenants'

const ownId = 'AA000000-0000-4000-8000-00000000000A'
const groupId = 'bb000000-0000-4000-8000-00000000000b'
const passThrough = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a'

test.each([
  ['f8cdef31-a31e-4b4a-93e4-5f571e91255a', 'pass-through', 'expected'],
  ['9188040d-6c67-4c5b-b112-36a304b66dad', 'consumer', 'expected'],
  ['72f988bf-86f1-41af-91ab-2d7cd011db47', 'microsoft', 'expected'],
  ['6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0', 'azure-backup', 'fault'],
  ['4617fbbe-e76e-4071-90cd-6f5e7f5d5244', 'azure-backup', 'fault'],
])('known tenants: %s is %s and its block is %s', (id, kind, blocked) => {
  expect(knownTenants([]).get(id)).toMatchObject({ id, kind, blocked })
})

test('known tenants: the rows of the team lie over the built-in ones, under ids in lower case', () => {
  const tenants = knownTenants([
    { id: groupId.toUpperCase(), name: 'Subsidiary', kind: 'group', blocked: 'fault' },
    { id: passThrough, name: 'Pass-through', kind: 'other', blocked: 'fault' },
  ])
  expect(tenants.get(groupId)).toEqual({ id: groupId, name: 'Subsidiary', kind: 'group', blocked: 'fault' })
  expect(tenants.get(passThrough)).toMatchObject({ kind: 'other', blocked: 'fault' })
  expect(knownTenantOf(tenants, groupId.toUpperCase())?.name).toBe('Subsidiary')
  expect(knownTenantOf(tenants, undefined)).toBeUndefined()
  expect(knownTenantOf(tenants, 'unheard of')).toBeUndefined()
})

test('known tenants: the monitored tenant is our own, with its id for a name until a row names it', () => {
  const id = ownId.toLowerCase()
  expect(knownTenants([], ownId).get(id)).toEqual({ id, name: id, kind: 'own', blocked: 'fault' })
  expect(knownTenants([{ id: ownId, name: 'Contoso', kind: 'group', blocked: 'fault' }], id).get(id)).toMatchObject({
    name: 'Contoso',
    kind: 'own',
  })
  expect(knownTenants([]).get(id)).toBeUndefined()
})

test.each<[string, Example, string]>([
  ['a group tenant whose block is a fault', { resourceTenantId: groupId.toUpperCase() }, 'tenant-restriction.v1-fault'],
  ['a tenant whose block is meant', { resourceTenantId: 'ee000000-0000-4000-8000-00000000000e' }, 'tenant-restriction.meant'],
  [
    'a tenant of Microsoft that the team does not name',
    { resourceTenantId: '72f988bf-86f1-41af-91ab-2d7cd011db47' },
    'tenant-restriction.v1',
  ],
  ['a stranger', { resourceTenantId: 'ff000000-0000-4000-8000-00000000000f' }, 'tenant-restriction.v1'],
  ['no target at all', {}, 'tenant-restriction.v1'],
  ['a second own tenant of the setting is', { resourceTenantId: 'cc000000-0000-4000-8000-00000000000c' }, 'tenant-restriction.own-tenant'],
  [
    'the target decides before the application',
    { resourceTenantId: ownId, appId: '262044b1-e2ce-469f-a196-69ab7ada62d3' },
    'tenant-restriction.own-tenant',
  ],
  [
    'the home tenant decides nothing',
    { homeTenantId: ownId, resourceTenantId: 'dd000000-0000-4000-8000-00000000000d' },
    'tenant-restriction.v1',
  ],
])('known tenants in a block: %s', (_, example, failureClass) => {
  const tenants = knownTenants(
    [
      { id: groupId, name: 'Subsidiary', kind: 'group', blocked: 'fault' },
      { id: 'ee000000-0000-4000-8000-00000000000e', name: 'File sharing', kind: 'other', blocked: 'expected' },
      { id: 'cc000000-0000-4000-8000-00000000000c', name: 'Contoso test', kind: 'own', blocked: 'expected' },
    ],
    ownId,
  )
  expect(classify({ ...example, status: { errorCode: 500021 } }, { tenants }).failureClass).toBe(failureClass)
})

test.each([
  ["AADSTS500021: Access to 'IDMAADTenantkrcpod01' tenant is denied.", 'IDMAADTenantkrcpod01', 'krc'],
  ['IDMServiceAADTenantjpepod02.onmicrosoft.com', 'IDMServiceAADTenantjpepod02', 'jpe'],
  ['idmaadtenantWEUPOD02', 'idmaadtenantWEUPOD02', 'weu'],
])('azureBackupTenantName: %s holds %s of region %s', (text, name, region) => {
  expect(azureBackupTenantName(text)).toEqual({
    name,
    region,
    domains: [
      `idmserviceaadtenant${region}${name.slice(-5).toLowerCase()}.onmicrosoft.com`,
      `idmaadtenant${region}${name.slice(-5).toLowerCase()}.onmicrosoft.com`,
    ],
  })
})

test.each([
  ['IDMAADTenantjpepod01', '6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0', 'idmserviceaadtenantjpepod01.onmicrosoft.com'],
  ['IDMServiceAADTenantJPWpod01', '4617fbbe-e76e-4071-90cd-6f5e7f5d5244', 'idmaadtenantjpwpod01.onmicrosoft.com'],
])('azureBackupTenantName: %s is published, with its id and its one domain', (text, tenantId, domain) => {
  expect(azureBackupTenantName(text)).toMatchObject({ name: text, tenantId, domains: [domain] })
  expect(knownTenants([]).get(tenantId)).toMatchObject({ kind: 'azure-backup', blocked: 'fault' })
})

test.each(['', 'Contoso', 'IDMAADTenant', 'IDMAADTenantpod01', 'XIDMAADTenantjpepod01', 'IDMAADTenantjpepod', 'IDMAADTenantjpepod01x'])(
  'azureBackupTenantName: %p holds none',
  (text) => expect(azureBackupTenantName(text)).toBeUndefined(),
)

test.each<[string, Example, Severity, MendedBy]>([
  ['our own tenant', { resourceTenantId: ownId }, 'critical', 'network-team'],
  ['an Azure Backup tenant', { resourceTenantId: '6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0' }, 'error', 'network-team'],
  ['a partner whose block is a fault', { resourceTenantId: groupId }, 'error', 'network-team'],
  ['a stranger', { resourceTenantId: 'ff000000-0000-4000-8000-00000000000f' }, 'warning', 'network-team'],
  ['consumer accounts', { resourceTenantId: '9188040d-6c67-4c5b-b112-36a304b66dad' }, 'info', 'identity-team'],
  ['a tenant whose block is meant', { resourceTenantId: 'ee000000-0000-4000-8000-00000000000e' }, 'info', 'nobody'],
])('known tenants in a block: 500021 towards %s has its severity and owner', (_, example, severity, mendedBy) => {
  const tenants = knownTenants(
    [
      { id: groupId, name: 'Subsidiary', kind: 'group', blocked: 'fault' },
      { id: 'ee000000-0000-4000-8000-00000000000e', name: 'File sharing', kind: 'other', blocked: 'expected' },
    ],
    ownId,
  )
  const { failureClass } = classify({ ...example, status: { errorCode: 500021 } }, { tenants })
  expect(failureClass && classOf(failureClass)).toMatchObject({ severity, mendedBy })
})

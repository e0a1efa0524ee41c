import type { FailureClass, FailureClassId, Family, FamilyId, Outcome } from './catalogueTypes'
import type { FamilyRows } from './defineFamily'
import { accountState } from './families/accountState'
import { accountType } from './families/accountType'
import { appConfig } from './families/appConfig'
import { appCredential } from './families/appCredential'
import { assignment } from './families/assignment'
import { backupAuth } from './families/backupAuth'
import { claimsConfig } from './families/claimsConfig'
import { clientVersion } from './families/clientVersion'
import { conditionalAccess } from './families/conditionalAccess'
import { consent } from './families/consent'
import { credential } from './families/credential'
import { crossTenant } from './families/crossTenant'
import { device } from './families/device'
import { deviceCode } from './families/deviceCode'
import { externalChallenge } from './families/externalChallenge'
import { federation } from './families/federation'
import { guest } from './families/guest'
import { hybridAuth } from './families/hybridAuth'
import { mfa } from './families/mfa'
import { moduleFamily } from './families/module'
import { network } from './families/network'
import { other } from './families/other'
import { passwordChange } from './families/passwordChange'
import { protocol } from './families/protocol'
import { saml } from './families/saml'
import { service } from './families/service'
import { session } from './families/session'
import { signOut } from './families/signOut'
import { tenantRestriction } from './families/tenantRestriction'
import { tenantState } from './families/tenantState'
import { throttling } from './families/throttling'
import { tls } from './families/tls'
import { tokenExpired } from './families/tokenExpired'
import { wrongCloud } from './families/wrongCloud'
import { wrongTenant } from './families/wrongTenant'

/** Everything that is known of failures, in the order in which families are shown. */
export const catalogue: readonly FamilyRows[] = [
  tenantRestriction,
  crossTenant,
  tls,
  backupAuth,
  network,
  moduleFamily,
  wrongTenant,
  wrongCloud,
  guest,
  accountType,
  tenantState,
  credential,
  accountState,
  mfa,
  conditionalAccess,
  device,
  hybridAuth,
  federation,
  externalChallenge,
  passwordChange,
  consent,
  assignment,
  appConfig,
  appCredential,
  claimsConfig,
  saml,
  protocol,
  clientVersion,
  tokenExpired,
  deviceCode,
  signOut,
  throttling,
  service,
  session,
  other,
]

export const families: readonly Family[] = catalogue.map(({ family }) => family)

export const failureClasses: readonly FailureClass[] = catalogue.flatMap(({ classes }) => classes)

const familiesById = new Map(families.map((family) => [family.id, family]))
const classesById = new Map(failureClasses.map((row) => [row.id, row]))

/** The row of a family. */
export function familyOf(id: FamilyId): Family {
  const family = familiesById.get(id)
  if (!family) throw new RangeError(`There is no family ${id}; there are ${families.map((each) => each.id).join(', ')}.`)
  return family
}

/** The row of a class; `undefined` for an id that this version does not know. */
export const classOf = (id: FailureClassId): FailureClass | undefined => classesById.get(id)

/** The family that a class id begins with. */
export const familyIdOf = (id: FailureClassId): FamilyId => id.slice(0, id.indexOf('.')) as FamilyId

/** What a code alone says, and the classes that it can come to. */
export interface CodeRow {
  readonly code: number
  readonly outcome: Outcome
  readonly family: FamilyId
  /** In the order in which they are asked; the last one takes what is left. */
  readonly classes: readonly FailureClass[]
}

/** Every code of the catalogue. */
export const codeRows: ReadonlyMap<number, CodeRow> = indexByCode(failureClasses)

/** The classes that a code can come to, in the order in which they are asked; none for a code that is not in the catalogue. */
export const classesOfCode = (code: number): readonly FailureClass[] => codeRows.get(code)?.classes ?? []

function indexByCode(rows: readonly FailureClass[]): Map<number, CodeRow> {
  const index = new Map<number, CodeRow>()
  for (const row of rows) {
    for (const [outcome, codes] of codesByOutcome(row)) {
      for (const code of codes) {
        const classes = [...(index.get(code)?.classes ?? []), row]
        index.set(code, { code, outcome, family: familyIdOf(row.id), classes })
      }
    }
  }
  return index
}

/** The codes of a class with the outcome that each of them means. */
export function codesByOutcome(row: FailureClass): readonly (readonly [Outcome, readonly number[]])[] {
  return [
    ['failure', row.codes ?? []],
    ['interrupt', row.interruptCodes ?? []],
    ['serviceFault', row.serviceCodes ?? []],
  ]
}

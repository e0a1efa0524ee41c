import type { Example, FailureClass, FailureClassId, Family, FamilyId } from './catalogueTypes'
import type { KnownTenant } from './knownTenants'

/** One family with its classes, in the order in which they are asked. */
export interface FamilyRows {
  readonly family: Family
  readonly classes: readonly FailureClass[]
}

/** What the classes of one family may have in common. */
type Shared = Pick<FailureClass, 'remedy' | 'mendedBy' | 'severity' | 'falseAlarm' | 'reference'>

type OwnRow<Id extends FailureClassId> = Omit<FailureClass, keyof Shared | 'id' | 'matches' | 'rejects'> &
  Partial<Shared & Pick<FailureClass, 'matches' | 'rejects'>> & { readonly id: Id }

/** A family and its classes; a class id that names another family does not compile. */
export const defineFamily = <Id extends FamilyId>(
  family: Family & { readonly id: Id },
  classes: readonly (FailureClass & { readonly id: `${NoInfer<Id>}.${string}` })[],
): FamilyRows => ({ family, classes })

/**
 * Completes rows with what they have in common; what a row says itself stands. A row that nothing but its code decides has
 * an example for each of its codes, and a code of each of its neighbours for a near miss.
 */
export const sharing = <Id extends FailureClassId>(
  shared: Shared,
  rows: readonly OwnRow<Id>[],
): readonly (FailureClass & { readonly id: Id })[] =>
  rows.map((row) => ({
    // Made when they are asked for, which only a check of the catalogue does.
    get matches() {
      return row.when || row.textOnly ? [] : withCodes(...codesOf(row))
    },
    get rejects() {
      return row.when || row.textOnly ? [] : withCodes(...neighbourCodes(row, rows))
    },
    ...shared,
    ...row,
  }))

type Codes = Pick<FailureClass, 'codes' | 'interruptCodes' | 'serviceCodes'>

const codesOf = ({ codes = [], interruptCodes = [], serviceCodes = [] }: Codes): readonly number[] => [
  ...codes,
  ...interruptCodes,
  ...serviceCodes,
]

const neighbourCodes = (row: Codes, rows: readonly Codes[]): readonly number[] => {
  const own = codesOf(row)
  return [...new Set(rows.flatMap((each) => codesOf(each).slice(0, 1)))].filter((code) => !own.includes(code))
}

/** One example a code, for rows that nothing but the code decides. */
export const withCodes = (...codes: readonly number[]): readonly Example[] => codes.map((errorCode) => ({ status: { errorCode } }))

/** Microsoft's public list of codes, the reference of every class that has no page of its own. */
export const codeList = 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes'

/** The monitored tenant in the examples of rows. */
export const exampleOwnTenantId = '0e000000-0000-4000-8000-000000000001'
/** A partner in the examples, whose block is a fault. */
export const examplePartnerTenantId = '0e000000-0000-4000-8000-000000000002'
/** A tenant in the examples that is meant to be blocked. */
export const exampleMeantTenantId = '0e000000-0000-4000-8000-000000000003'

/** The tenants that the examples of rows are judged with, as the setting TENANTS would name them. */
export const exampleTenants: readonly KnownTenant[] = [
  { id: examplePartnerTenantId, name: 'Fabrikam', kind: 'partner', blocked: 'fault' },
  { id: exampleMeantTenantId, name: 'A file sharing service', kind: 'other', blocked: 'expected' },
]

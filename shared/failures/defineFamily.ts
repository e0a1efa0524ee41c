import type { Example, FailureClass, FailureClassId, Family, FamilyId } from './catalogueTypes'

/** One family with its classes, in the order in which they are asked. */
export interface FamilyRows {
  readonly family: Family
  readonly classes: readonly FailureClass[]
}

/** What the classes of one family may have in common. */
type Shared = Pick<FailureClass, 'remedy' | 'mendedBy' | 'severity' | 'falseAlarm' | 'reference'>

type OwnRow<Id extends FailureClassId> = Omit<FailureClass, keyof Shared | 'id'> & Partial<Shared> & { readonly id: Id }

/** A family and its classes; a class id that names another family does not compile. */
export const defineFamily = <Id extends FamilyId>(
  family: Family & { readonly id: Id },
  classes: readonly (FailureClass & { readonly id: `${NoInfer<Id>}.${string}` })[],
): FamilyRows => ({ family, classes })

/** Completes rows with what they have in common; what a row says itself stands. */
export const sharing = <Id extends FailureClassId>(
  shared: Shared,
  rows: readonly OwnRow<Id>[],
): readonly (FailureClass & { readonly id: Id })[] => rows.map((row) => ({ ...shared, ...row }))

/** One example a code, for rows that nothing but the code decides. */
export const withCodes = (...codes: readonly number[]): readonly Example[] => codes.map((errorCode) => ({ status: { errorCode } }))

/** Microsoft's public list of codes, the reference of every class that has no page of its own. */
export const codeList = 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes'

/** The monitored tenant and a partner's in the examples of rows. */
export const exampleOwnTenantId = '0e000000-0000-4000-8000-000000000001'
export const examplePartnerTenantId = '0e000000-0000-4000-8000-000000000002'

import type { SignIn } from '../signIns/signIn'
import { classOf, codeRows, familyIdOf, familyOf } from './catalogue'
import { type Classification, type ClassifyContext, type FailureClass, type Outcome, outcomes } from './catalogueTypes'
import { nobodyCanAnswer } from './rowSigns'
import { packedSignals, signalBits } from './signals'
import { signInStream } from './signInStream'

/**
 * Why a sign-in failed, if it did. Total: every sign-in has an answer and none throws. The code decides the family, the
 * rest of the row may refine the class, and no sentence decides a family. Equal answers may be one object.
 */
export function classify(signIn: SignIn, context: ClassifyContext): Classification {
  const stream = signInStream(signIn, context)
  const signals = packedSignals(signIn, stream)
  const verdict = verdictOf(readableCode(signIn.status?.errorCode))
  const isUnanswered = verdict.becomesFailure && nobodyCanAnswer(signIn, stream)
  return variant(answerFor(verdict, signIn, context), isUnanswered ? 'failure' : verdict.outcome, signals)
}

function answerFor({ refinements, answer }: Verdict, signIn: SignIn, context: ClassifyContext): Answer {
  for (const refinement of refinements) if (refinement.when(signIn, context)) return refinement.answer
  return answer
}

/** A whole number from 0; -1 stands for everything else. */
const readableCode = (code: number | undefined): number => (code !== undefined && Number.isSafeInteger(code) && code >= 0 ? code : -1)

/** What a code comes to, looked up once a sign-in. */
interface Verdict {
  readonly outcome: Outcome
  /** An interrupt that needs a person. */
  readonly becomesFailure: boolean
  readonly refinements: readonly { readonly when: NonNullable<FailureClass['when']>; readonly answer: Answer }[]
  readonly answer: Answer
}

/** A class with a code, and its classifications by outcome and signals, each made once. */
interface Answer {
  readonly row: FailureClass | undefined
  readonly errorCode: number
  readonly variants: Map<number, Classification>
}

const variantsMax = 4_096
const signalMask = (1 << signalBits) - 1

function variant(answer: Answer, outcome: Outcome, signals: number): Classification {
  const key = (outcomes.indexOf(outcome) << (2 * signalBits)) | signals
  const made = answer.variants.get(key)
  if (made !== undefined) return made
  const { row, errorCode } = answer
  const classification: Classification = {
    outcome,
    family: row && familyIdOf(row.id),
    failureClass: row?.id,
    errorCode,
    signals: { known: signals & signalMask, isTrue: signals >> signalBits },
  }
  if (answer.variants.size >= variantsMax) answer.variants.clear()
  answer.variants.set(key, classification)
  return classification
}

const answerOf = (row: FailureClass | undefined, errorCode: number): Answer => ({ row, errorCode, variants: new Map() })

const plainVerdict = (outcome: Outcome, row: FailureClass | undefined, errorCode: number): Verdict => ({
  outcome,
  becomesFailure: false,
  refinements: [],
  answer: answerOf(row, errorCode),
})

const verdicts = new Map<number, Verdict>([
  [0, plainVerdict('success', undefined, 0)],
  [-1, plainVerdict('failure', classOf('other.no-code'), -1)],
])

for (const { code, outcome, family, classes } of codeRows.values()) {
  verdicts.set(code, {
    outcome,
    becomesFailure: outcome === 'interrupt' && familyOf(family).needsPerson === true,
    refinements: classes.flatMap((row) => (row.when ? [{ when: row.when, answer: answerOf(row, code) }] : [])),
    answer: answerOf(
      classes.find((row) => row.when === undefined),
      code,
    ),
  })
}

/** Codes that the catalogue lacks, as they turn up; rows can carry any number, so they are not kept for good. */
const unknownVerdicts = new Map<number, Verdict>()
const unknownVerdictsMax = 1_000

function verdictOf(code: number): Verdict {
  const known = verdicts.get(code) ?? unknownVerdicts.get(code)
  if (known !== undefined) return known
  const verdict = plainVerdict('failure', classOf('other.unknown-code'), code)
  if (unknownVerdicts.size >= unknownVerdictsMax) unknownVerdicts.clear()
  unknownVerdicts.set(code, verdict)
  return verdict
}
